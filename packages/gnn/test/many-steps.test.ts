// Training for long: it leaks no tensors, and two runs are equal bit by bit. 10,000 steps by PELLUCID_LONG=1.
import { useBackend } from "@pellucid/backends";
import {
  adam,
  crossEntropy,
  disposeLeaves,
  Optimizer,
  Rng,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { Gat, Gcn, type Graph, toGraph, zachary } from "@pellucid/gnn";
import { gather, memory, type Tensor1D, tensor1d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

const steps = process.env["PELLUCID_LONG"] === "1" ? 10_000 : 60;

beforeAll(() => useBackend({ only: "wasm" }));

/** The losses of a network with dropout, and its last weights. */
async function run(kind: "Gcn" | "Gat", graph: Graph, count: number) {
  const rng = new Rng(0);
  const options = { rng, outChannels: 2, dropout: 0.3 };
  const model = kind === "Gcn" ? new Gcn(34, 8, 2, options) : new Gat(34, 8, 2, { ...options, heads: 2 });
  const optimizer = new Optimizer(adam({ learningRate: 0.001 }), trainable(model));
  const nodes = tensor1d([0, 1, 32, 33], "int32");
  const labels = gather(graph.y as Tensor1D, nodes);
  const losses: number[] = [];
  const counts = new Set<string>();
  for (let step = 0; step < count; step++) {
    losses.push(
      await trainStep(model, optimizer, () => crossEntropy(gather(model.forward(graph), nodes), labels)),
    );
    if (step > 5) counts.add(`${memory().numTensors} tensors, ${memory().numBytes} bytes`);
  }
  const weights = [...model.namedParameters()].flatMap(([, parameter]) => [...parameter.dataSync()]);
  disposeLeaves([nodes, labels]);
  optimizer.dispose();
  model.dispose();
  return { losses, weights, counts };
}

test.each(["Gcn", "Gat"] as const)(
  `${steps} steps of %s leak no tensors, and are the same bits twice`,
  { timeout: 3_600_000 },
  async (kind) => {
    const before = memory().numTensors;
    const graph = toGraph(zachary());
    const first = await run(kind, graph, steps);
    expect(first.counts.size, [...first.counts].join("; ")).toBe(1);
    const again = await run(kind, graph, Math.min(steps, 200));
    expect(again.losses).toEqual(first.losses.slice(0, again.losses.length));
    if (again.losses.length === steps) expect(again.weights).toEqual(first.weights);
    disposeLeaves(graph);
    expect(memory().numTensors).toBe(before);
  },
);
