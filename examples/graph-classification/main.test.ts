import { useBackend } from "@pellucid/backends";
import { LabeledGraphs } from "@pellucid/datasets";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { main } from "./main.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

/** Rings and paths of four to seven atoms: a graph is a ring or not. */
function ringsAndPaths(): LabeledGraphs {
  const graphs = Array.from({ length: 40 }, (_, i) => {
    const nodes = 4 + (i % 4);
    const y = Math.floor(i / 4) % 2;
    const pairs = Array.from(
      { length: y === 1 ? nodes : nodes - 1 },
      (__, v) => [v, (v + 1) % nodes] as const,
    );
    const both = [...pairs, ...pairs.map(([u, v]) => [v, u] as const)];
    return {
      x: { data: new Float32Array(nodes).fill(1), shape: [nodes, 1] },
      edgeIndex: {
        data: Int32Array.from([...both.map(([u]) => u), ...both.map(([, v]) => v)]),
        shape: [2, both.length],
      },
      y,
    };
  });
  return new LabeledGraphs(graphs, 2);
}

test.each(["sum", "sag"] as const)(
  "with the pool %s, the network tells rings from paths that it has not seen, and leaks nothing",
  async (pool) => {
    const folds = Array.from({ length: 40 }, (_, i) => Math.floor(i / 8));
    const before = memory().numTensors;
    const share = await main({ data: ringsAndPaths(), folds, fold: 0, pool, epochs: 40 });
    expect(share).toBe(1);
    expect(memory().numTensors).toBe(before);
  },
);
