// Calls that once gave wrong numbers in silence: each has its right value, or an error that says what to do.
import {
  Conv2d,
  DomainError,
  Embedding,
  GELU,
  type Layer,
  Linear,
  NoGradientError,
  OptionError,
  ReLU,
  Rng,
  Sequential,
  ShapeError,
} from "@pellucid/core-train";
import {
  activationPatching,
  classScore,
  deconvnet,
  fgsm,
  gradCam,
  guidedBackprop,
  inputXGradient,
  integratedGradients,
  kernelShap,
  marginScore,
  minimalPerturbation,
  occlusion,
  pgd,
  rise,
  saliency,
  tokenAttribution,
  transferability,
} from "@pellucid/interpret";
import {
  fill,
  mul,
  ones,
  reshape,
  sum,
  type Tensor,
  type Tensor1D,
  tensor1d,
  type Tensor2D,
  tensor2d,
  type Tensor3D,
  type Tensor4D,
  tidy,
  tile,
  zeros,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const rng = () => new Rng(0);

test("KernelSHAP of a linear score over 100 inputs is its weights, by default and for each example", async () => {
  const w = new Rng(1).randn([100]).data;
  const score = (x: Tensor2D) => tidy(() => sum(mul(x, tensor1d(w)), 1) as Tensor1D);
  const x = tensor2d([...new Array<number>(100).fill(1), ...new Array<number>(100).fill(2)], [2, 100]);
  const values = await kernelShap(score, { rng: rng() })(x);
  expect(values).toBeAllclose([...w, ...w.map((v) => 2 * v)], { rtol: 0, atol: 1e-4 });
});

test("KernelSHAP refuses samples that do not determine the values, and says how many do", async () => {
  const score = (x: Tensor4D) => sum(x, [1, 2, 3]) as Tensor1D;
  const image = ones([1, 28, 28, 1]) as Tensor4D;
  await expect(kernelShap(score, { rng: rng(), samples: 1024 })(image)).rejects.toThrow(
    new OptionError(
      "kernelShap",
      "samples",
      "1024 for 784 segments",
      "1566 at least. Take more samples, or fewer segments: gridSegments(height, width, rows)",
    ),
  );
  const few = tidy(() => reshape(fill([1, 12], 1), [1, 12]) as Tensor2D);
  const twelve = (x: Tensor2D) => sum(x, 1) as Tensor1D;
  await expect(kernelShap(twelve, { rng: rng(), samples: 22 })(few)).rejects.toThrow(
    /those drawn determine only \d+/,
  );
});

test("token attribution refuses a score that embeds two texts with the embedding that it explains", async () => {
  const embedding = new Embedding(10, 3, { rng: rng() });
  const read = (tokens: Tensor2D) => sum(embedding.forward(tokens), [1, 2]);
  const context = tensor2d([[7, 8, 9]], [1, 3], "int32");
  const both = (t: Tensor2D) =>
    tidy(() => mul(read(t), read(tile(context, [t.shape[0], 1]) as Tensor2D)) as Tensor1D);
  const none = (t: Tensor2D) => tidy(() => sum(t, 1) as Tensor1D);
  const explain = (score: (t: Tensor2D) => Tensor1D) =>
    tokenAttribution(score, embedding, (s) => integratedGradients(s, { steps: 2 }))(
      tensor2d([[1, 2, 3]], [1, 3], "int32"),
    );
  await expect(explain(both)).rejects.toThrow(
    new RangeError(
      "tokenAttribution: the embedding ran 2 times, expected once. Give the score an embedding that reads the explained tokens only.",
    ),
  );
  await expect(explain(none)).rejects.toThrow("the embedding ran 0 times");
});

test("a binary classifier with one logit z has the margins −z and z, and attacks cross its boundary", async () => {
  const model = new Linear(2, 1, { rng: rng() });
  model.weight.assign(tensor2d([[1], [-2]]));
  model.bias?.assign(tensor1d([0.5]));
  const x = tensor2d([[1, 2]]); // z = 1 − 4 + 0.5 = −2.5
  const margin = marginScore(model, 0);
  expect(margin(x)).toBeAllclose([2.5]);
  expect(marginScore(model, 1)(x)).toBeAllclose([-2.5]);
  expect(() => marginScore(model, 2)(x)).toThrow("marginScore: target is 2, expected a class from 0 to 1");
  expect(await fgsm(margin, { epsilon: 0.5 })(x)).toBeAllclose([1.5, 1.5]);
  // to the boundary and 2 % beyond: x − 1.02 · z w / ‖w‖²
  expect(await minimalPerturbation(margin)(x)).toBeAllclose([1 + 1.02 * 0.5, 2 - 1.02]);
  const { fooled, accuracy } = await transferability(
    [model],
    (net) => fgsm(marginScore(net, [0, 1]), { epsilon: 3 }),
    tensor2d([
      [1, 2],
      [2, 0],
    ]),
    [0, 1],
  );
  expect([accuracy, fooled]).toEqual([[1], [[1]]]);
});

test("activation patching leaves pairs with equal scores out of the mean: the others are right", () => {
  const embedding = new Embedding(10, 4, { rng: rng() });
  const score = (t: Tensor2D) => tidy(() => sum(embedding.forward(t), [1, 2]) as Tensor1D);
  const layer = embedding as Layer<Tensor2D, Tensor> as Layer<never, Tensor3D>;
  const int = (rows: number[][]) => tensor2d(rows, [rows.length, 3], "int32");
  const clean = int([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const corrupted = int([
    [1, 2, 4],
    [4, 5, 6],
  ]);
  expect(activationPatching(score, [layer], clean, corrupted)).toBeAllclose([0, 0, 1]);
  expect(activationPatching(score, [layer], clean, clean)).toBeAllclose([NaN, NaN, NaN]);
});

test("guided backpropagation and the deconvnet refuse a net with activations other than ReLU", () => {
  const init = rng();
  const smooth = new Sequential(new Linear(2, 3, { rng: init }), new GELU(), new Linear(3, 2, { rng: init }));
  const both = new Sequential(smooth, new ReLU());
  const linear = new Linear(2, 2, { rng: init });
  const x = tensor2d([[1, 2]]);
  for (const tool of [guidedBackprop, deconvnet]) {
    const explain = tool<Tensor2D>(classScore(smooth, 0));
    expect(() => explain(x)).toThrow(
      new OptionError(
        tool.name,
        "score",
        "a net whose activations are Gelu",
        "one with ReLUs: of others the result is the gradient. Use saliency",
      ),
    );
    expect(() => explain(x)).toLeakNothing();
    tool<Tensor2D>(classScore(both, 0))(x).dispose();
    expect(tool<Tensor2D>(classScore(linear, 0))(x)).toBeAllclose(
      saliency<Tensor2D>(classScore(linear, 0))(x),
    );
  }
});

test("a score that does not use its input, or the layer, is an error that says so", async () => {
  const image = ones([2, 4, 4, 1]) as Tensor4D;
  const constant = (x: Tensor4D) => zeros([x.shape[0]]) as Tensor1D;
  const unused = new Conv2d(1, 1, 1, { rng: rng() });
  const aside = (x: Tensor4D) =>
    tidy(() => {
      unused.forward(x);
      return sum(x, [1, 2, 3]) as Tensor1D;
    });
  for (const tool of [saliency, inputXGradient, guidedBackprop])
    expect(() => tool(constant)(image)).toThrow(NoGradientError);
  expect(() => saliency(constant)(image)).toThrow(
    "gradient: f(x) does not depend on x, expected an output computed from it by differentiable ops. Does f use its argument?",
  );
  expect(() => gradCam(aside, unused)(image)).toThrow(
    "gradientAt: the score does not depend on the output of Conv2d",
  );
  const scalar = (x: Tensor4D) => reshape(sum(x), [1]) as Tensor1D;
  await expect(occlusion(scalar, { window: [2, 2] })(image)).rejects.toThrow(
    "occlusion: the score is [1], expected [8]. A score is one number for each example.",
  );
  await expect(rise(scalar, { rng: rng(), masks: 2, cells: 2 })(image)).rejects.toThrow(ShapeError);
});

test("attacks refuse a size or a range that no step can have, and inputs outside the range", async () => {
  const score = (x: Tensor2D) => sum(x, 1) as Tensor1D;
  for (const tool of [fgsm, pgd]) {
    for (const epsilon of [-0.1, 0, NaN, Infinity])
      expect(() => tool(score, { epsilon })).toThrow(
        new OptionError(tool.name, "epsilon", epsilon, "a finite number above 0"),
      );
    expect(() => tool(score, { epsilon: 1, range: [1, 0] })).toThrow(
      new OptionError(tool.name, "range", "[1, 0]", "[low, high] with low < high"),
    );
    await expect(tool(score, { epsilon: 0.1, range: [0, 1] })(tensor2d([[0.5, 5]]))).rejects.toThrow(
      new DomainError(
        `${tool.name}: x lies between 0.5 and 5, expected numbers in the range from 0 to 1. Give the inputs' own range, or scale them.`,
      ),
    );
  }
  expect(() => pgd(score, { epsilon: 1, stepSize: -1 })).toThrow(OptionError);
});
