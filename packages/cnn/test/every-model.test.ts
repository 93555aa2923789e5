// Every classifier that has a reference: names, shapes and counts are torchvision's (or timm's), the seed 0 gives its initial
// weights, and its weights load; both by the logits of two images. The weights by formula come as a safetensors file in
// PyTorch's names and layouts, as torchvision's own would.
import { useBackend } from "@pellucid/backends";
import {
  encodeSafetensors,
  type HostTensor,
  loadWeights,
  type Module,
  Rng,
  sizeOf,
  torchStateOf,
  withoutInit,
} from "@pellucid/core-train";
import * as cnn from "@pellucid/cnn";
import { fixture, hashed } from "@pellucid/testing";
import { memory, tensor4d } from "@tensorflow/tfjs-core";
import { createHash } from "node:crypto";
import { beforeAll, expect, test } from "vitest";

interface Logits {
  readonly f32: number[][];
  readonly f64: number[][];
}

interface Case {
  readonly name: string;
  readonly size: number;
  readonly parameters: number;
  readonly entries: number;
  readonly first: string[];
  readonly last: string[];
  readonly digest: string;
  readonly seed: Logits;
  readonly given: Logits;
}

type Classifier = Module & cnn.ImageClassifier;
type Make = (options: cnn.ImageClassifierOptions) => Classifier;

const models: Readonly<Record<string, Make>> = {
  alexnet: (options) => new cnn.AlexNet(options),
  vgg11: cnn.vgg11,
  vgg11_bn: cnn.vgg11Bn,
  vgg13: cnn.vgg13,
  vgg13_bn: cnn.vgg13Bn,
  vgg16: cnn.vgg16,
  vgg16_bn: cnn.vgg16Bn,
  vgg19: cnn.vgg19,
  vgg19_bn: cnn.vgg19Bn,
  resnet18: cnn.resnet18,
  resnet34: cnn.resnet34,
  resnet50: cnn.resnet50,
  resnet101: cnn.resnet101,
  resnet152: cnn.resnet152,
  squeezenet1_0: cnn.squeezenet1_0,
  squeezenet1_1: cnn.squeezenet1_1,
  mobilenet_v2: (options) => new cnn.MobileNetV2(options),
  mobilenet_v3_large: cnn.mobilenetV3Large,
  mobilenet_v3_small: cnn.mobilenetV3Small,
  efficientnet_b0: cnn.efficientnetB0,
  efficientnet_b1: cnn.efficientnetB1,
  efficientnet_b2: cnn.efficientnetB2,
  efficientnet_b3: cnn.efficientnetB3,
  efficientnet_b4: cnn.efficientnetB4,
  efficientnet_b5: cnn.efficientnetB5,
  efficientnet_b6: cnn.efficientnetB6,
  efficientnet_b7: cnn.efficientnetB7,
  resnext50_32x4d: cnn.resnext50_32x4d,
  resnext101_32x8d: cnn.resnext101_32x8d,
  resnext101_64x4d: cnn.resnext101_64x4d,
  wide_resnet50_2: cnn.wideResnet50_2,
  wide_resnet101_2: cnn.wideResnet101_2,
  densenet121: cnn.densenet121,
  densenet161: cnn.densenet161,
  densenet169: cnn.densenet169,
  densenet201: cnn.densenet201,
  shufflenet_v2_x0_5: cnn.shufflenetV2X0_5,
  shufflenet_v2_x1_0: cnn.shufflenetV2X1_0,
  shufflenet_v2_x1_5: cnn.shufflenetV2X1_5,
  shufflenet_v2_x2_0: cnn.shufflenetV2X2_0,
  regnet_x_400mf: cnn.regnetX400mf,
  regnet_x_800mf: cnn.regnetX800mf,
  regnet_x_1_6gf: cnn.regnetX1_6gf,
  regnet_x_3_2gf: cnn.regnetX3_2gf,
  regnet_x_8gf: cnn.regnetX8gf,
  regnet_x_16gf: cnn.regnetX16gf,
  regnet_x_32gf: cnn.regnetX32gf,
  regnet_y_400mf: cnn.regnetY400mf,
  regnet_y_800mf: cnn.regnetY800mf,
  regnet_y_1_6gf: cnn.regnetY1_6gf,
  regnet_y_3_2gf: cnn.regnetY3_2gf,
  regnet_y_8gf: cnn.regnetY8gf,
  regnet_y_16gf: cnn.regnetY16gf,
  regnet_y_32gf: cnn.regnetY32gf,
  convnext_tiny: cnn.convnextTiny,
  convnext_small: cnn.convnextSmall,
  convnext_base: cnn.convnextBase,
  convnext_large: cnn.convnextLarge,
  swin_t: cnn.swinT,
  swin_s: cnn.swinS,
  swin_b: cnn.swinB,
  swin_v2_t: cnn.swinV2T,
  swin_v2_s: cnn.swinV2S,
  swin_v2_b: cnn.swinV2B,
  inception_v3: (options) => new cnn.InceptionV3(options),
  googlenet: (options) => new cnn.GoogLeNet(options),
  mobilenetv1_100: (options) => new cnn.MobileNetV1(options),
};

/**
 * These draw and multiply up to a gigabyte of weights: they run where `PELLUCID_FULL` asks for it, as do the names of the VGGs
 * that differ from others only in depth, and the widest of the others. `small-nets.test.ts` has nets of each class.
 */
const large =
  /^(alexnet|vgg|resnet(34|50|101|152)|efficientnet_b[1-7]|squeezenet1_0|resnext|wide_resnet|densenet(161|169|201)|shufflenet_v2_x(1_5|2_0)|regnet_[xy]_(?!400)|convnext|swin|inception)/;
const named =
  /^(?!vgg(11$|13|16|19)|wide_resnet|resnext101|regnet_[xy]_(16|32)|convnext_(base|large)|swin_(v2_)?b)/;
const full = process.env["PELLUCID_FULL"] !== undefined;

const { cases } = fixture<{ cases: Case[] }>(import.meta.url, "../fixtures/torch/models.json");

/** The fixture's weights by formula. */
function given(state: Readonly<Record<string, HostTensor>>): Record<string, HostTensor> {
  const made = Object.entries(state).map(([name, { shape }], k): [string, HostTensor] => {
    if (/relative_(position_index|coords_table)/.test(name)) return [name, state[name] as HostTensor];
    if (name.endsWith("num_batches_tracked")) return [name, { data: Int32Array.of(7), shape }];
    const u = hashed(sizeOf(shape), k);
    const scale = Math.sqrt(24 / sizeOf(shape.slice(1)));
    const value = (x: number): number => {
      if (shape.length > 1) return x * scale;
      if (name.endsWith("running_var")) return 1 + 0.4 * x;
      return name.endsWith("weight") ? 1 + 0.2 * x : 0.1 * x;
    };
    return [name, { data: Float32Array.from(u, value), shape }];
  });
  return Object.fromEntries(made);
}

async function logitsOf(model: Classifier, size: number): Promise<Float32Array> {
  const images = Float32Array.from(hashed(2 * 3 * size * size, 99), (x) => Math.fround(x) * 4);
  const channelsLast = images.slice();
  for (let n = 0; n < 2; n++)
    for (let c = 0; c < 3; c++)
      for (let i = 0; i < size * size; i++)
        channelsLast[(n * size * size + i) * 3 + c] = images[(n * 3 + c) * size * size + i] as number;
  const x = tensor4d(channelsLast, [2, size, size, 3]);
  const logits = model.forward(x);
  const values = (await logits.data()) as Float32Array;
  x.dispose();
  logits.dispose();
  return values;
}

/** Four times PyTorch's own error in 32 bits, and a millionth of the largest logit. */
function expectLogits(actual: Float32Array, { f32, f64 }: Logits): void {
  const wanted = f64.flat();
  const scale = Math.max(...wanted.map(Math.abs));
  const theirs = Math.max(...f32.flat().map((value, i) => Math.abs(value - (wanted[i] as number))));
  const ours = Math.max(...actual.map((value, i) => Math.abs(value - (wanted[i] as number))));
  expect(ours).toBeLessThanOrEqual(Math.max(4 * theirs, 1e-5 * scale));
}

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test("every classifier has its case", () => {
  expect(Object.keys(models).toSorted()).toEqual(cases.map(({ name }) => name).toSorted());
});

test.for(cases.filter(({ name }) => full || named.test(name)))(
  "$name has the reference's names, shapes and number of parameters",
  { timeout: 120_000 },
  async ({ name, parameters, entries, first, last, digest }) => {
    const rng = new Rng(0);
    const model = withoutInit(() => (models[name] as Make)({ rng, numClasses: 10 }));
    expect(rng.state()).toEqual(new Rng(0).state());
    const state = await torchStateOf(model);
    const lines = Object.entries(state).map(([key, { shape }]) => `${key} ${shape.join(",")}`);
    expect(lines.slice(0, 3).map((line) => line.split(" ")[0])).toEqual(first);
    expect(lines.slice(-3).map((line) => line.split(" ")[0])).toEqual(last);
    expect(lines).toHaveLength(entries);
    expect(createHash("sha256").update(lines.join("\n")).digest("hex")).toBe(digest);
    const all = [...model.namedParameters()];
    const heads = all.filter(
      ([path]) => path.startsWith(model.head) || /^(aux\d\.fc2|auxLogits\.fc)/.test(path),
    );
    const count = (of: typeof all) => of.reduce((sum, [, parameter]) => sum + parameter.size, 0);
    expect(count(all) + 99 * count(heads)).toBe(parameters); // at 1000 classes
    model.dispose();
  },
);

test.for(cases.filter(({ name }) => full || !large.test(name)))(
  "$name: the seed 0 draws the reference's weights, and the reference's weights load",
  { timeout: 600_000 },
  async ({ name, size, seed, given: byFormula }) => {
    const before = memory().numTensors;
    const model = (models[name] as Make)({ rng: new Rng(0), numClasses: 10 });
    // timm takes 144 numbers from the generator that initialize nothing: those weights only have the same distribution.
    if (name !== "mobilenetv1_100") expectLogits(await logitsOf(model, size), seed);
    loadWeights(model, encodeSafetensors(given(await torchStateOf(model))));
    expectLogits(await logitsOf(model, size), byFormula);
    model.dispose();
    expect(memory().numTensors).toBe(before);
  },
);
