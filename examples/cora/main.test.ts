import { useBackend } from "@pellucid/backends";
import { Rng } from "@pellucid/core-train";
import { randomNodeSplit, stochasticBlockModel } from "@pellucid/gnn";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { main } from "./main.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

/** Three blocks, whose means of features are `separation` apart. */
function blocks(separation: number) {
  const rng = new Rng(0);
  const probabilities = [0, 1, 2].map((a) => [0, 1, 2].map((b) => (a === b ? 0.15 : 0.01)));
  const graph = stochasticBlockModel([40, 40, 40], probabilities, { rng, features: 16, separation });
  return randomNodeSplit(graph, { rng, split: "testRest", numTrainPerClass: 8, numVal: 30 }) as never;
}

test.each(["gcn", "gat", "sage", "cheb", "gated", "jumping"] as const)(
  "%s finds the blocks of a graph with few labels, and leaks nothing",
  async (model) => {
    const data = blocks(1);
    const tensors = memory().numTensors;
    expect(await main({ data, model, epochs: 60 })).toBeGreaterThan(0.65);
    expect(memory().numTensors).toBe(tensors);
  },
);

// from features that say less, PyTorch Geometric's network of this kind learns nothing here either
test("layers with skip connections find them where features say more, and leak nothing", async () => {
  const data = blocks(6);
  const tensors = memory().numTensors;
  expect(await main({ data, model: "deeper", depth: 4, epochs: 60 })).toBeGreaterThan(0.65);
  expect(memory().numTensors).toBe(tensors);
});
