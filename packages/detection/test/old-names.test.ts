// The names in torchvision's files from before 0.13, which its published weights have: what each of them becomes there, it becomes here.
import { useBackend } from "@pellucid/backends";
import {
  FeaturePyramidNetwork,
  loadWeights,
  type Module,
  Rng,
  sizeOf,
  torchStateOf,
} from "@pellucid/core-train";
import {
  FastRCNNPredictor,
  maskRcnnHeads,
  MaskRCNNPredictor,
  MultiScaleRoIAlign,
  RetinaNetClassificationHead,
  RetinaNetRegressionHead,
  RoIHeads,
  RPNHead,
  TwoMLPHead,
} from "@pellucid/detection";
import { fixture } from "@pellucid/testing";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

const names = fixture<Record<string, Record<string, string>>>(
  import.meta.url,
  "../fixtures/torch/old-names.json",
);

/** The part, and what is before its names in its module. */
const parts: Readonly<Record<string, (rng: Rng) => readonly [Module, string]>> = {
  rpn: (rng) => [new RPNHead(4, 3, { rng }), ""],
  fpn: (rng) => [new FeaturePyramidNetwork([3, 4], 5, { rng }), ""],
  mask: (rng) => {
    const pool = new MultiScaleRoIAlign(["0"], 2, 2);
    const predictor = new MaskRCNNPredictor(5, 4, 2, { rng });
    const mask = { pool, head: maskRcnnHeads(3, [4, 5], { rng }), predictor };
    return [
      new RoIHeads(pool, new TwoMLPHead(12, 4, { rng }), new FastRCNNPredictor(4, 2, { rng }), { rng, mask }),
      "mask_head.",
    ];
  },
  classification: (rng) => [new RetinaNetClassificationHead(4, 2, 3, { rng }), ""],
  regression: (rng) => [new RetinaNetRegressionHead(4, 2, { rng }), ""],
};

beforeAll(async () => {
  await useBackend({ only: "cpu" });
});

test("every part has its names", () => expect(Object.keys(parts)).toEqual(Object.keys(names)));

test.each(Object.entries(parts))("%s loads from a file with the old names", async (part, make) => {
  const tensors = memory().numTensors;
  const [module, prefix] = make(new Rng(0));
  const state = await torchStateOf(module);
  const old = Object.entries(names[part] ?? {}).map(([from, to]) => [prefix + from, prefix + to] as const);
  const file = Object.fromEntries(
    Object.entries(state).map(([name, { shape }], i) => {
      const renamed = old.find(([, to]) => to === name)?.[0] ?? name;
      return [renamed, { data: new Float32Array(sizeOf(shape)).fill(i + 1), shape }];
    }),
  );
  expect(old.length).toBeGreaterThan(0);
  expect(old.every(([from]) => from in file)).toBe(true);
  const { unknown, missing } = loadWeights(module, file);
  expect([unknown, missing]).toEqual([[], []]);
  const loaded = await torchStateOf(module);
  for (const [i, name] of Object.keys(state).entries())
    expect(
      loaded[name]?.data.every((v) => v === i + 1),
      name,
    ).toBe(true);
  expect(Object.keys(loaded)).toEqual(Object.keys(state));
  module.dispose();
  expect(memory().numTensors).toBe(tensors);
});
