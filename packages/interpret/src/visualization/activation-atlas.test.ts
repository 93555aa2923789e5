import { gradient, type Layer, Rng } from "@pellucid/core-train";
import { activationAtlas, directionScore } from "@pellucid/interpret";
import {
  add,
  memory,
  mul,
  slice,
  sum,
  type Tensor2D,
  tensor2d,
  tensor4d,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const identity: Layer<Tensor4D, Tensor4D> = { forward: (x) => mul<Tensor4D>(x, 1) };
const run = (x: Tensor4D) => identity.forward(x);
/** Positions along the channels themselves. */
const asTheyAre = (activations: Tensor2D) => Promise.resolve(add<Tensor2D>(activations, 0));

const batches = [
  tensor4d([0, 0, 1, 0, 10, 9], [3, 1, 1, 2]),
  tensor4d([0, 10, 10, 10, 0, 9, 4, 5], [4, 1, 1, 2]),
];

test("cells hold the means of what lies in them, from the top left, and those with too few are left out", async () => {
  const held = memory().numTensors;
  const { cells, embedding } = await activationAtlas(run, identity, batches, {
    rng: new Rng(0),
    grid: 2,
    layout: asTheyAre,
  });
  expect(memory().numTensors).toBe(held + 1);
  expect(embedding).toHaveShape([7, 2]);
  expect(cells.map(({ row, column, examples }) => [row, column, examples])).toEqual([
    [0, 0, [3, 5, 6]], // (0, 10), (0, 9), (4, 5)
    [0, 1, [2, 4]], //    (10, 9), (10, 10)
    [1, 0, [0, 1]], //    (0, 0), (1, 0)
  ]);
  expect(cells[1]?.activation).toBeAllclose([10, 9.5]);
  const all = await activationAtlas(run, identity, batches, {
    rng: new Rng(0),
    grid: 3,
    least: 1,
    layout: asTheyAre,
  });
  expect(all.cells.reduce((sum_, { examples }) => sum_ + examples.length, 0)).toBe(7);
});

test("where the layer answers most, if that is asked for", async () => {
  const x = tensor4d([1, 0, 0, 3, 2, 2, 4, 0, 0, 1, 1, 1], [2, 3, 1, 2]);
  const strongest = { rng: new Rng(0), position: "strongest", grid: 1, layout: asTheyAre } as const;
  const { cells } = await activationAtlas(run, identity, [x], strongest);
  expect(cells[0]?.activation).toBeAllclose([2, 1.5]); // of (0, 3) and (4, 0)
});

test("UMAP lays it out, the same for a seed; it stops at its signal, and leaves nothing", async () => {
  const many = [tensor4d(new Rng(1).rand([40, 3, 3, 4]).data, [40, 3, 3, 4])];
  const make = () => activationAtlas(run, identity, many, { rng: new Rng(0), grid: 3 });
  const [first, second] = [await make(), await make()];
  expect(second.embedding).toBeAllclose(first.embedding, { rtol: 0, atol: 0 });
  const held = memory().numTensors;
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(activationAtlas(run, identity, many, { rng: new Rng(0), signal })).rejects.toThrow("enough");
  expect(memory().numTensors).toBe(held);
});

test("a direction's score is the projection of the mean, smaller where other directions contribute, and is differentiable", () => {
  const directions = tensor2d([
    [1, 0],
    [1, 0],
    [0, 1],
  ]);
  const score = directionScore(run, identity, directions);
  const x = tensor4d([3, 0, 1, 0, 2, 2, 2, 2, -1, -1, -1, -1], [3, 1, 2, 2]);
  expect(score(x)).toBeAllclose([2, 2 * 0.5, 0]); // (2, 0); (2, 2), cosine √½; (-1, -1), none
  expect(() => score(x)).toLeakNothing();
  const found = gradient<Tensor4D>((at) => sum(score(at)))(x);
  expect(slice(found, 0, 1)).toBeAllclose([0.5, 0, 0.5, 0], { atol: 1e-6 });
  expect(() => directionScore(run, identity, tensor2d([[1, 2, 3]]))(x)).toThrow("directionScore");
});
