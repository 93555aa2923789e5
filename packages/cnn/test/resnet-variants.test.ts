// ResNets with frozen batch norm and with dilation instead of strides, against torchvision's, from the seed 0.
import { useBackend } from "@pellucid/backends";
import { BasicBlock, Bottleneck, FeaturesOnly, ResNet, type ResNetOptions } from "@pellucid/cnn";
import {
  FrozenBatchNorm2d,
  loadWeights,
  OptionError,
  Rng,
  torchStateOf,
  trainable,
} from "@pellucid/core-train";
import { fixture, sines } from "@pellucid/testing";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

interface Case {
  readonly title: string;
  readonly entries: string[];
  readonly maps: number[][];
  readonly f32: number[][];
  readonly f64: number[][];
}
const { cases } = fixture<{ cases: Case[] }>(import.meta.url, "../fixtures/torch/resnet-variants.json");

const normLayer = (channels: number) => new FrozenBatchNorm2d(channels);
const options = (): ResNetOptions => ({ rng: new Rng(0), numClasses: 5 });
const models: Readonly<Record<string, () => ResNet>> = {
  "frozen batch norm": () => new ResNet(BasicBlock, [1, 1, 1, 1], { ...options(), normLayer }),
  "dilation in the last two stages": () =>
    new ResNet(Bottleneck, [1, 2, 2, 2], { ...options(), replaceStrideWithDilation: [false, true, true] }),
  "dilation in the last stage, frozen, grouped": () =>
    new ResNet(Bottleneck, [1, 1, 1, 2], {
      ...options(),
      normLayer,
      groups: 2,
      widthPerGroup: 32,
      zeroInitResidual: true,
      replaceStrideWithDilation: [false, false, true],
    }),
};

/** Gives the norms the fixture's weights and statistics. */
async function fillNorms(model: ResNet): Promise<string[]> {
  const state = await torchStateOf(model);
  const filled = Object.entries(state).flatMap(([name, { shape }], k) =>
    shape.length !== 1 || name === "fc.bias"
      ? []
      : [
          [
            name,
            {
              data: sines(shape, k)
                .dataSync<"float32">()
                .map((x) => 0.75 + 0.5 * x),
              shape,
            },
          ] as const,
        ],
  );
  loadWeights(model, Object.fromEntries(filled), { strict: false });
  return Object.keys(state);
}

const images = (): Tensor4D => sines([2, 64, 64, 3]) as Tensor4D;

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test.for(cases)(
  "$title: names, maps and logits are torchvision's",
  async ({ title, entries, maps, f32, f64 }) => {
    const model = (models[title] as () => ResNet)();
    expect(await fillNorms(model)).toEqual(entries);
    const x = images();
    expect(
      model
        .forwardFeatures(x)
        .slice(1)
        .map(({ shape }) => shape.slice(1)),
    ).toEqual(maps);
    const wanted = f64.flat();
    const scale = Math.max(...wanted.map(Math.abs));
    const theirs = Math.max(...f32.flat().map((value, i) => Math.abs(value - (wanted[i] as number))));
    expect(model.forward(x)).toBeAllclose(wanted, { rtol: 0, atol: Math.max(4 * theirs, 1e-5 * scale) });
    model.dispose();
  },
);

test("frozen norms are not trained, and the strides of a backbone account for dilation", () => {
  const frozen = (models["frozen batch norm"] as () => ResNet)();
  expect(Object.keys(trainable(frozen)).filter((path) => path.includes("bn"))).toEqual([]);
  const dilated = new FeaturesOnly((models["dilation in the last two stages"] as () => ResNet)());
  expect(dilated.maps).toEqual([
    { name: "c1", channels: 64, stride: 2 },
    { name: "c2", channels: 256, stride: 4 },
    { name: "c3", channels: 512, stride: 8 },
    { name: "c4", channels: 1024, stride: 8 },
    { name: "c5", channels: 2048, stride: 8 },
  ]);
});

test("a basic block rejects a dilation, as in torchvision", () => {
  expect(
    () =>
      new ResNet(BasicBlock, [1, 1, 1, 2], { ...options(), replaceStrideWithDilation: [false, false, true] }),
  ).toThrow(new OptionError("BasicBlock", "dilation", 2, "1; use Bottleneck for others"));
});
