// Constructors of pools with wrong sizes and options: typed errors, and no tensors left; and both backends compute the same.
import { useBackend } from "@pellucid/backends";
import { Rng, withoutInit } from "@pellucid/core-train";
import {
  ASAPooling,
  EdgePooling,
  graphOf,
  GraphUNet,
  LEConv,
  SAGPooling,
  SelectTopK,
  TopKPooling,
} from "@pellucid/gnn";
import { checkConstructor, type ModuleClass } from "@pellucid/testing";
import { setBackend } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const rng = new Rng(0);
const select = { rng, ratio: 0.5, minScore: 0.1 };
const rows: readonly [create: ModuleClass, ...args: unknown[]][] = [
  [SelectTopK, 3, select],
  [TopKPooling, 3, { ...select, multiplier: 2 }],
  [SAGPooling, 3, { ...select, multiplier: 2 }],
  [EdgePooling, 3, { rng, dropout: 0.1, addToEdgeScore: 0.5 }],
  [ASAPooling, 3, { rng, ratio: 0.5, dropout: 0.1, negativeSlope: 0.2, addSelfLoops: true }],
  [LEConv, 3, 2, { rng, bias: true }],
  [GraphUNet, 3, 4, 2, 2, { rng, poolRatios: [0.5, 0.5], sumRes: true }],
];

test.each(rows.map(([create, ...args]) => [create.name, create, args] as const))("%s", (_, create, args) => {
  withoutInit(() => checkConstructor(create, args));
});

test("a graph U-Net computes the same on both backends", async () => {
  const run = () => {
    const model = new GraphUNet(2, 4, 3, 2, { rng: new Rng(1) });
    const graph = graphOf({
      x: [
        [1, 2],
        [0, 1],
        [3, -1],
        [2, 2],
      ],
      edgeIndex: [
        [0, 1, 2, 3, 0],
        [1, 2, 3, 0, 2],
      ],
    });
    const out = model.forward(graph);
    const values = Float32Array.from(out.dataSync());
    for (const tensor of [out, graph.x, graph.edgeIndex]) tensor.dispose();
    model.dispose();
    return values;
  };
  const onCpu = run();
  await useBackend({ only: "wasm" });
  const onWasm = run();
  await setBackend("cpu");
  expect(onWasm).toBeAllclose(onCpu, { rtol: 1e-5, atol: 1e-5 });
});
