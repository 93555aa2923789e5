// Every model against its reference in PyTorch: names and shapes, the initial weights of the seed 0, a training step's logits, gradients and
// buffers from there (dropout drawn alike), and with given weights logits and gradients in inference.
import { useBackend } from "@pellucid/backends";
import { BasicBlock, ResNet } from "@pellucid/cnn";
import {
  BatchNorm2d,
  Conv2d,
  encodeSafetensors,
  type HostTensor,
  IntermediateLayers,
  loadWeights,
  type Module,
  parameter,
  ReLU,
  Rng,
  Sequential,
  sizeOf,
  torchStateOf,
  trainable,
  training,
  valueAndGradients,
} from "@pellucid/core-train";
import * as segmentation from "@pellucid/segmentation";
import { expectTorch, fixture, sines, type TorchResult } from "@pellucid/testing";
import {
  addN,
  clone,
  dispose,
  keep,
  memory,
  mul,
  sum,
  Tensor,
  type Tensor4D,
  tidy,
  type Variable,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { given } from "./given.ts";
import { beforeAll, describe, expect, test } from "vitest";

interface Case {
  readonly title: string;
  readonly training: boolean;
  readonly input: readonly [number, number, number, number];
  readonly state: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly digest?: readonly number[] }>
  >;
  readonly outputs: readonly TorchResult[];
  readonly gradient: TorchResult;
  readonly parameterGradients: Readonly<Record<string, TorchResult>>;
  readonly buffers: Readonly<Record<string, TorchResult>>;
}

type Model = Module & { forward(images: Tensor4D): Tensor4D | segmentation.SegmentationOutput };

const rngs = () => ({ rng: new Rng(0) });

/** Four stages of strides 2, 4, 8, 16 and 4, 6, 8, 12 channels. */
function tiny(rng: Rng, maps: Readonly<Record<string, string>>): IntermediateLayers {
  const stage = (from: number, to: number) =>
    new Sequential(
      new Conv2d(from, to, 3, { rng, stride: 2, padding: 1, bias: false }),
      new BatchNorm2d(to),
      new ReLU(),
    );
  return new IntermediateLayers(new Sequential(stage(3, 4), stage(4, 6), stage(6, 8), stage(8, 12)), maps);
}

const models: Readonly<Record<string, (rng: Rng) => Model>> = {
  UNet: (rng) => new segmentation.UNet(3, 2, { rng, channels: 4, depth: 3 }),
  "UNet of odd sizes": (rng) => new segmentation.UNet(3, 2, { rng, channels: 4, depth: 2 }),
  "UNet, bilinear": (rng) => new segmentation.UNet(3, 2, { rng, channels: 4, depth: 3, bilinear: true }),
  "UNet, bilinear, of odd sizes": (rng) =>
    new segmentation.UNet(1, 3, { rng, channels: 4, depth: 2, bilinear: true }),
  LabmlUNet: (rng) => new segmentation.LabmlUNet(3, 2, { rng, channels: 4, depth: 3 }),
  "LabmlUNet of odd sizes": (rng) => new segmentation.LabmlUNet(1, 2, { rng, channels: 4, depth: 3 }),
  UNetPlusPlus: (rng) => new segmentation.UNetPlusPlus(3, 2, { rng, channels: 4, depth: 3 }),
  "UNetPlusPlus, deeply supervised, of odd sizes": (rng) =>
    new segmentation.UNetPlusPlus(3, 2, { rng, channels: 4, depth: 2, deepSupervision: true }),
  AttentionUNet: (rng) => new segmentation.AttentionUNet(3, 2, { rng, channels: 4, depth: 2 }),
  "AttentionUNet of odd sizes": (rng) => new segmentation.AttentionUNet(3, 2, { rng, channels: 4, depth: 2 }),
  Fcn: (rng) => new segmentation.Fcn(tiny(rng, { 3: "out", 2: "aux" }), 3, { rng }),
  "Fcn without an auxiliary head, of odd sizes": (rng) =>
    new segmentation.Fcn(tiny(rng, { 3: "out" }), 3, { rng }),
  "Fcn on a ResNet": (rng) => {
    const resnet = new ResNet(BasicBlock, [1, 1, 1, 1], { rng });
    return new segmentation.Fcn(new IntermediateLayers(resnet, { layer1: "aux", layer2: "out" }), 3, { rng });
  },
  DeepLabV3: (rng) =>
    new segmentation.DeepLabV3(tiny(rng, { 3: "out", 2: "aux" }), 3, { rng, atrousRates: [1, 2, 3] }),
  DeepLabV3Plus: (rng) =>
    new segmentation.DeepLabV3Plus(tiny(rng, { 1: "low", 3: "out" }), 3, {
      rng,
      atrousRates: [1, 2],
      channels: 16,
      lowChannels: 5,
    }),
  LrAspp: (rng) => new segmentation.LrAspp(tiny(rng, { 2: "low", 3: "high" }), 3, { rng, interChannels: 16 }),
  PspNet: (rng) =>
    new segmentation.PspNet(tiny(rng, { 2: "aux", 3: "out" }), 3, { rng, bins: [1, 2, 3], channels: 16 }),
  FpnSegmenter: (rng) =>
    new segmentation.FpnSegmenter(tiny(rng, { 1: "c2", 2: "c3", 3: "c4" }), 3, {
      rng,
      pyramidChannels: 10,
      channels: 8,
      groups: 4,
    }),
  Segformer: (rng) =>
    logitsAlone(
      new segmentation.Segformer(3, {
        rng,
        depths: [1, 2],
        hiddenSizes: [8, 12],
        numAttentionHeads: [1, 2],
        srRatios: [2, 1],
        patchSizes: [7, 3],
        strides: [4, 2],
        mlpRatios: [2, 3],
        decoderHiddenSize: 10,
        dropPathRate: 0,
        classifierDropoutProb: 0,
      }),
    ),
};

/** transformers' logits are a quarter of the images' size. */
function logitsAlone(model: segmentation.Segformer): Model {
  return Object.defineProperty(model, "forward", {
    value: (images: Tensor4D) => model.forwardLogits(images),
  }) as unknown as Model;
}

const outputsOf = (y: Tensor4D | segmentation.SegmentationOutput): Tensor4D[] => {
  if (y instanceof Tensor) return [y];
  return y.aux === undefined ? [y.out] : [y.out, y.aux];
};

const cases = ["unets", "on-backbones"].flatMap(
  (name) => fixture<{ cases: Case[] }>(import.meta.url, `../fixtures/torch/${name}.json`).cases,
);

/** On plain JavaScript, some. */
const onCpu = /^(UNet, bilinear|Fcn without|DeepLabV3Plus|Segformer)/;

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));

  const here = cases.filter(({ title }) => backend === "wasm" || onCpu.test(title));
  test.for(here.map((c) => [`${c.title}, in ${c.training ? "training" : "inference"}`, c] as const))(
    "%s",
    async ([, c]) => {
      const before = memory().numTensors;
      const model = (models[c.title] as (rng: Rng) => Model)(rngs().rng);
      const first = await torchStateOf(model);
      expect(Object.keys(first)).toEqual(Object.keys(c.state));
      for (const [name, { shape, digest }] of Object.entries(c.state)) {
        expect(first[name]?.shape, name).toEqual(shape);
        if (digest !== undefined && first[name]?.data instanceof Float32Array)
          expectTorch(first[name], { shape, digest, tolerance: 1e-5 * Math.sqrt(sizeOf(shape)) }, name);
      }
      if (!c.training) loadWeights(model, encodeSafetensors(given(first)));
      const sine = sines(c.input);
      const x = parameter({ data: sine.dataSync<"float32">(), shape: [...c.input] });
      sine.dispose();
      const outputs: Tensor[] = [];
      const step = <T>(body: () => T): T => (c.training ? training(model, body) : body());
      const { value, gradients } = step(() =>
        valueAndGradients({ ...trainable(model), images: x }, () =>
          tidy(() => {
            const ys = outputsOf(model.forward(x as unknown as Tensor4D));
            outputs.push(...ys.map((y) => keep(clone(y))));
            return addN(ys.map((y) => sum(mul(y, sines(y.shape, 0.3)))));
          }),
        ),
      );
      expect(outputs).toHaveLength(c.outputs.length);
      for (const [i, expected] of c.outputs.entries())
        expectTorch(outputs[i] as Tensor, expected, `output ${i}`);
      expectTorch(gradients["images"] as Tensor, c.gradient, "gradient at the images");
      const after = await torchStateOf(model);
      for (const [name, expected] of Object.entries(c.buffers))
        expectTorch(after[name] as HostTensor, expected, name);
      // read back as if they were weights, the gradients are in PyTorch's names and layouts
      for (const [path, weight] of model.namedParameters())
        weight.assign((gradients[path] ?? zerosLike(weight)) as Variable);
      const stored = await torchStateOf(model);
      for (const [name, expected] of Object.entries(c.parameterGradients))
        expectTorch(stored[name] as HostTensor, expected, `gradient at ${name}`);
      dispose([value, ...outputs, ...Object.values(gradients), x]);
      model.dispose();
      expect(memory().numTensors).toBe(before);
    },
  );
});

test("every model has a case", () => {
  const classes = Object.entries(segmentation).filter(
    ([name, value]) =>
      typeof value === "function" &&
      /^(\w*UNet(PlusPlus)?|Fcn|DeepLabV3(Plus)?|LrAspp|PspNet|FpnSegmenter|Segformer)$/.test(name),
  );
  expect(classes.map(([name]) => name).toSorted()).toEqual(
    [...new Set(cases.map(({ title }) => (title.match(/^\w+/) as RegExpMatchArray)[0]))].toSorted(),
  );
});
