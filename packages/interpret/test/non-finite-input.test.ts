import { type Layer, Linear, Rng, ShapeError } from "@pellucid/core-train";
import * as interpret from "@pellucid/interpret";
import {
  attentionFlow,
  conceptVector,
  deadUnits,
  eigenCam,
  embeddingQuality,
  fgsm,
  growTexture,
  insertionDeletion,
  kernelShap,
  lime,
  linearProbe,
  logisticRegression,
  mapStability,
  nearestNeighbors,
  NonFiniteError,
  pca,
  pgd,
  quiltTexture,
  sanityCheck,
  shapley,
  spearman,
  topActivations,
  tsne,
  umap,
} from "@pellucid/interpret";
import {
  fill,
  mul,
  sum,
  type Tensor,
  type Tensor1D,
  tensor1d,
  type Tensor2D,
  tensor2d,
  type Tensor4D,
  tensor4d,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const rng = () => new Rng(0);

test("every tool that takes data names the row and the column of the first number that is not finite", async () => {
  const data = new Rng(0).randn([40, 5]).data.slice();
  const finite = tensor2d(data.slice(), [40, 5]);
  data[13] = NaN;
  data[14] = Infinity;
  const x = tensor2d(data, [40, 5]);
  const labels = Array.from({ length: 40 }, (_, i) => i % 2);
  const identity: Layer<Tensor2D, Tensor> = { forward: (at) => mul(at, 1) };
  const run = (at: Tensor2D) => identity.forward(at);
  const classes = tensor1d(labels, "int32");
  const total = (at: Tensor2D) => sum(at, 1) as Tensor1D;
  const tools: Readonly<Record<string, () => Promise<unknown>>> = {
    pca: () => pca(x, 2),
    tsne: () => tsne(x, { perplexity: 5, steps: 1 }),
    umap: () => umap(x, { rng: rng(), steps: 1 }),
    nearestNeighbors: () => nearestNeighbors({ data, shape: [40, 5] }, 3),
    embeddingQuality: () => embeddingQuality(x, finite),
    "embeddingQuality of a map": () => embeddingQuality(finite, x),
    mapStability: () => mapStability([finite, x]),
    linearProbe: () => linearProbe(x, labels, { rng: rng() }),
    logisticRegression: () => logisticRegression(x, classes, 2, { rng: rng() }),
    conceptVector: () => conceptVector(run, identity, { concept: x, others: finite }, { rng: rng() }),
    insertionDeletion: () => insertionDeletion(total, { map: x, x: finite }),
    topActivations: () => topActivations(run, identity, [x]),
    deadUnits: () => deadUnits(x),
    pgd: () => pgd(total, { epsilon: 1 })(x),
    fgsm: () => fgsm(total, { epsilon: 1 })(x),
  };
  for (const [name, tool] of Object.entries(tools)) {
    const error: unknown = await tool().catch((reason: unknown) => reason);
    expect(error, name).toBeInstanceOf(NonFiniteError);
    expect(error, name).toMatchObject({ position: [2, 3] });
    expect(String(error), name).toContain(`${name.split(" ")[0]}: `);
    expect(String(error), name).toContain("is NaN at row 2, column 3, expected finite numbers.");
  }
});

test("pixels, attention and pairs that are not finite are refused with their position", async () => {
  const pixels = new Float32Array(192).fill(0.5);
  pixels[4] = Infinity;
  const sample = tensor4d(pixels, [1, 8, 8, 3]);
  const identity: Layer<Tensor4D, Tensor4D> = { forward: (at) => mul(at, 1) };
  const at = { position: [0, 0, 1, 1] };
  await expect(growTexture(sample, { rng: rng(), size: [5, 5], window: 3 })).rejects.toMatchObject(at);
  await expect(quiltTexture(sample, { rng: rng(), size: [5, 5], patch: 4 })).rejects.toMatchObject(at);
  await expect(eigenCam((y: Tensor4D) => identity.forward(y), identity)(sample)).rejects.toMatchObject(at);
  await expect(attentionFlow([fill([1, 1, 2, 2], NaN)])).rejects.toThrow(NonFiniteError);
  expect(() => spearman([1, 2, 3], [1, NaN, 3])).toThrow("spearman: b is NaN at index 1");
  expect(() => spearman([1, 2, 3], [1, 2])).toThrow(ShapeError);
  const nan = (x: Tensor2D) => mul<Tensor1D>(sum(x, 1), NaN);
  const two = tensor2d([[1, 2]]);
  for (const tool of [kernelShap, shapley, lime])
    await expect(tool(nan, { rng: rng(), samples: 8 })(two)).rejects.toThrow(
      `${tool.name}: the score is NaN at row 0, column 0`,
    );
  const model = new Linear(2, 1, { rng: rng() });
  await expect(sanityCheck(model, (x: Tensor2D) => mul(x, NaN), two, { rng: rng() })).rejects.toThrow(
    "sanityCheck: the map is NaN",
  );
});

test("errors of data are exported", () => {
  expect(interpret.NonFiniteError).toBe(NonFiniteError);
});
