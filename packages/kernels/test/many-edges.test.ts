import { useBackend } from "@pellucid/backends";
import { dispose, tensor } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { draws } from "./draw.ts";
import { runKernel } from "./run-kernel.ts";

// The sum over the edges of a node with very many of them agrees with 64 bits to 2e-7: the edges are added up in parts.

beforeAll(() => useBackend({ only: "wasm" }));

test.each([
  { features: 1, heads: 1, weighted: false },
  { features: 3, heads: 1, weighted: true },
  { features: 8, heads: 2, weighted: true },
  { features: 21, heads: 1, weighted: true },
  { features: 24, heads: 2, weighted: true },
])("$features features and $heads heads", ({ features, heads, weighted }) => {
  const [nodes, edges] = [1009, 300_000];
  const x = Float32Array.from(draws(1).numbers(nodes * features), (n) => 1 + n / 2);
  const weight = Float32Array.from(draws(2).numbers(weighted ? edges * heads : 0), (n) => 1 + n / 2);
  const column = Int32Array.from({ length: edges }, (_, i) => (i * 7) % nodes);
  const ends = [0, edges - 10, edges];
  const exact = new Float64Array(2 * features);
  for (let i = 0; i < edges; i++) {
    const row = i < edges - 10 ? 0 : 1;
    for (let f = 0; f < features; f++) {
      const w = weighted ? (weight[i * heads + Math.floor((f * heads) / features)] ?? NaN) : 1;
      const number = w * (x[(column[i] ?? NaN) * features + f] ?? NaN);
      exact[row * features + f] = (exact[row * features + f] ?? NaN) + number;
    }
  }
  const inputs = {
    x: tensor(x, [nodes, features]),
    weight: tensor(weight, [weighted ? edges : 0, heads]),
    ptr: tensor(ends, [3], "int32"),
    column: tensor(column, [edges], "int32"),
    edge: tensor(Int32Array.from(column.keys()), [edges], "int32"),
  };
  const sums = runKernel("PellucidGatherSum", inputs, {});
  dispose(inputs);
  for (const [i, sum] of exact.entries()) expect(Math.abs((sums[i] ?? NaN) / sum - 1)).toBeLessThan(2e-7);
});
