import { useBackend } from "@pellucid/backends";
import { Rng } from "@pellucid/core-train";
import { randomNodeSplit, stochasticBlockModel } from "@pellucid/gnn";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { main } from "./main.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test.each(["gcn", "gat", "sage", "cheb", "gated", "jumping", "deeper"] as const)(
  "%s finds the blocks of a graph with few labels, and leaks nothing",
  async (model) => {
    const rng = new Rng(0);
    const blocks = [0, 1, 2].map((a) => [0, 1, 2].map((b) => (a === b ? 0.15 : 0.01)));
    const graph = stochasticBlockModel([40, 40, 40], blocks, { rng, features: 16, separation: 1 });
    const data = randomNodeSplit(graph, { rng, split: "testRest", numTrainPerClass: 8, numVal: 30 });
    const tensors = memory().numTensors;
    expect(await main({ data: data as never, model, epochs: 60 })).toBeGreaterThan(0.65);
    expect(memory().numTensors).toBe(tensors);
  },
);
