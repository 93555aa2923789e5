import { type BackendName, useBackend } from "@pellucid/backends";
import { hasKernel, Rng, trainable, valueAndGradients } from "@pellucid/core-train";
import { GATConv, GCNConv, graphOf, type MessagePassing, SAGEConv, TransformerConv } from "@pellucid/gnn";
import { dispose, mul, sum, type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import { afterAll, expect, test } from "vitest";

const layers: Readonly<Record<string, (rng: Rng) => MessagePassing>> = {
  GCNConv: (rng) => new GCNConv(6, 4, { rng }),
  GATConv: (rng) => new GATConv(6, 4, { rng, heads: 2 }) as MessagePassing,
  "GATConv, heads of four": (rng) => new GATConv(6, 4, { rng, heads: 5 }) as MessagePassing,
  "GATConv, heads of eight": (rng) => new GATConv(6, 8, { rng, heads: 4 }) as MessagePassing,
  "SAGEConv, max": (rng) => new SAGEConv(6, 4, { rng, aggr: "max" }) as MessagePassing,
  TransformerConv: (rng) => new TransformerConv(6, 4, { rng, heads: 2 }) as MessagePassing,
};

/** Outputs and gradients, read without waiting in between. */
async function results(): Promise<Record<string, number[]>> {
  const graph = graphOf({
    x: tensor2d(
      Float32Array.from({ length: 30 }, (_, i) => Math.sin(i)),
      [5, 6],
    ),
    edgeIndex: [
      [0, 1, 2, 3, 3, 1, 2, 0],
      [1, 0, 1, 2, 4, 3, 1, 1],
    ],
    edgeWeight: [1, 2, 0.5, 1, 1, 0.25, 1, 1],
  });
  const found: Record<string, number[]> = {};
  for (const [title, make] of Object.entries(layers)) {
    const layer = make(new Rng(0));
    const outputs: Record<string, Tensor> = { output: layer.forward(graph) };
    const { gradients } = valueAndGradients(trainable(layer), () => {
      const y = layer.forward(graph);
      return sum(mul(y, y));
    });
    for (const [name, tensor] of Object.entries({ ...outputs, ...gradients }))
      found[`${title} ${name}`] = [...(await tensor.data())];
    dispose([...Object.values(outputs), ...Object.values(gradients)]);
    layer.dispose();
  }
  return found;
}

const missing = new Set<BackendName>();
const backends: readonly BackendName[] = ["wasm", "webgpu", "native", "cuda"];
for (const only of backends) await useBackend({ only }).catch(() => missing.add(only));
await useBackend({ only: "cpu" });
const expected = await results();

afterAll(() => useBackend({ only: "cpu" }));

const here = backends.filter((name) => !missing.has(name));
test.each(here)("%s has the numbers of CPU, forward and backward", async (only) => {
  await useBackend({ only });
  const found = await results();
  for (const [name, numbers] of Object.entries(expected))
    expect(found[name] ?? [], name).toBeAllclose(numbers, { rtol: 4e-6, atol: 4e-6 });
  const hasOwn = only === "wasm" || only === "webgpu";
  for (const kernelName of ["PellucidGatherSum", "PellucidEdgeDot", "PellucidSegmentSoftmax"])
    expect(hasKernel({ kernelName }), kernelName).toBe(hasOwn);
});
