import {
  graphBatches,
  type GraphBatches,
  GraphError,
  graphOf,
  innerProductDecoder,
  neighborSampler,
  reconstructionLoss,
  stochasticBlockModel,
} from "@pellucid/gnn";
import { Rng } from "@pellucid/core-train";
import { tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const z = tensor2d([
  [1, 0],
  [1, 0],
  [0, 1],
]);
const joined = tensor2d([[0], [1]], [2, 1], "int32");
const apart = tensor2d([[0], [2]], [2, 1], "int32");
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

test("nodes that point the same way are joined with σ(1), those at a right angle with a half", () => {
  expect(innerProductDecoder(z, joined)).toBeAllclose([sigmoid(1)]);
  expect(innerProductDecoder(z, apart)).toBeAllclose([0.5]);
});

test("the loss of a reconstruction is that of edges that are there and of those that are not", () => {
  expect(reconstructionLoss(z, joined, apart)).toBeAllclose(-Math.log(sigmoid(1)) - Math.log(0.5));
});

test("what does not fit together is a GraphError", () => {
  const x = [[Number.NaN], [1]];
  expect(() => graphOf({ x, edgeIndex: [[0], [1]] })).toThrow(GraphError);
});

test("the batches of a sampler are counted before they are read", async () => {
  const graph = stochasticBlockModel([3], [[1]], { rng: new Rng(0) });
  const sampler = neighborSampler(graph, [2]);
  const batches: GraphBatches<unknown> = graphBatches(sampler, { size: 2 });
  expect(batches.length).toBe(2);
  let count = 0;
  for await (const _ of batches) count++;
  expect(count).toBe(2);
});
