// Every norm of graphs against PyG in 64 bits: outputs, gradients, running statistics; and edge cases against its numbers.
import { useBackend } from "@pellucid/backends";
import type { Layer, Rng } from "@pellucid/core-train";
import {
  GraphInstanceNorm,
  GraphLayerNorm,
  GraphNorm,
  MeanSubtractionNorm,
  type NormInput,
  PairNorm,
} from "@pellucid/gnn";
import { checkLayerAgainstTorch, fixture, type TestedLayer, type TorchLayerCase } from "@pellucid/testing";
import { type Tensor2D, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { normalized, norms } from "./rows/norms.ts";

const { cases } = fixture<{ cases: TorchLayerCase[] }>(import.meta.url, "../fixtures/torch/norms.json");

interface Golden {
  readonly id: string;
  readonly kind: string;
  readonly input: { readonly x: number[][]; readonly batch: number[]; readonly eps: number };
  readonly right: Record<string, number[][]>;
}
const golden = fixture<Golden[]>(import.meta.url, "../fixtures/golden/layers.json").filter(
  ({ kind }) => kind === "norms-singletons-batch",
);

describe.each(["cpu", "wasm"] as const)("on %s", (only) => {
  beforeAll(() => useBackend({ only }));

  test.each(cases.map((c) => [c.title, c] as const))("%s agrees with PyG", async (title, c) => {
    const make = norms[title.replace(", one graph", "")];
    expect(make).toBeDefined();
    await checkLayerAgainstTorch(c, make as (rng: Rng) => TestedLayer, normalized(title));
  });

  test.each(golden)("$id", ({ input, right }) => {
    const x = tensor2d(input.x);
    const batch = tensor1d(input.batch, "int32");
    const { eps } = input;
    const features = input.x[0]?.length ?? 0;
    const zeros = tensor1d(
      input.batch.map(() => 0),
      "int32",
    );
    const found: Record<string, [layer: Layer<NormInput, Tensor2D>, input: NormInput]> = {
      graphNorm: [new GraphNorm(features, { eps }), { x, batch }],
      pairNorm: [new PairNorm({ eps }), { x, batch }],
      pairNormNoBatch: [new PairNorm({ eps }), { x }],
      instanceNorm: [new GraphInstanceNorm(features, { eps }), { x, batch }],
      layerNormGraph: [new GraphLayerNorm(features, { eps }), { x, batch }],
      layerNormGraphNoBatch: [new GraphLayerNorm(features, { eps }), { x }],
      layerNormGraphZeros: [new GraphLayerNorm(features, { eps }), { x, batch: zeros }],
      meanSubtraction: [new MeanSubtractionNorm(), { x, batch }],
    };
    expect(Object.keys(found).toSorted()).toEqual(Object.keys(right).toSorted());
    for (const [name, [layer, given]] of Object.entries(found))
      expect(layer.forward(given), name).toBeAllclose((right[name] as number[][]).flat(), {
        rtol: 4e-6,
        atol: 2e-6,
      });
  });

  test("nothing is left in memory, and graphs may be empty", () => {
    const x = tensor2d([
      [1, 2, 3],
      [4, 5, 7],
    ]);
    const batch = tensor1d([0, 2], "int32");
    for (const layer of [new GraphNorm(3), new PairNorm(), new GraphLayerNorm(3), new GraphInstanceNorm(3)]) {
      expect(() => layer.forward({ x, batch, numGraphs: 4 })).toLeakNothing();
      expect([...layer.forward({ x, batch, numGraphs: 4 }).dataSync()].every(Number.isFinite)).toBe(true);
    }
  });

  test("wrong inputs are typed errors", () => {
    const x = tensor2d([
      [1, 2, 3],
      [4, 5, 7],
    ]);
    expect(() => new GraphNorm(2).forward({ x })).toThrow(/GraphNorm: x is \[2, 3\], expected \[node, 2\]/);
    expect(() => new PairNorm().forward({ x, batch: tensor1d([0], "int32") })).toThrow(
      /PairNorm: index is \[1\], expected \[2\]/,
    );
    expect(() => new PairNorm({ eps: 0 })).toThrow(/eps is 0/);
  });
});

test("each case has a row", () => {
  const titles = new Set(cases.map(({ title }) => title.replace(", one graph", "")));
  expect(Object.keys(norms).toSorted()).toEqual([...titles].toSorted());
});
