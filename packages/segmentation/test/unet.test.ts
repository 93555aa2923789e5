// What is special about U-Nets: their skip connections can be removed, a shift by their stride shifts the output, and mistaken inputs are named.
import { useBackend } from "@pellucid/backends";
import {
  intercept,
  amax,
  abs,
  convTranspose2d,
  IntermediateLayers,
  loadWeights,
  pad,
  Rng,
  Sequential,
  torchStateOf,
  WeightsError,
  Conv2d,
} from "@pellucid/core-train";
import * as segmentation from "@pellucid/segmentation";
import { segformerHubNames, UNet } from "@pellucid/segmentation";
import { sines } from "@pellucid/testing";
import { memory, slice, tensor4d, sub, type Tensor4D, zerosLike } from "@tensorflow/tfjs-core";
import { given } from "./given.ts";
import { beforeAll, describe, expect, test } from "vitest";

beforeAll(() => useBackend({ only: "wasm" }));

const rng = () => new Rng(0);

test("each skip connection can be removed, and then the output is another one", async () => {
  const model = new UNet(3, 2, { rng: rng(), channels: 4, depth: 3 });
  loadWeights(model, given(await torchStateOf(model)));
  const x = sines([1, 16, 16, 3]) as Tensor4D;
  const whole = model.forward(x);
  for (const skip of model.skips) {
    const without = intercept(
      skip,
      (map) => zerosLike(map),
      () => model.forward(x),
    );
    expect(amax(abs(sub(whole, without)), [0, 1, 2, 3]).dataSync()[0]).toBeGreaterThan(1e-3);
  }
  expect(model.forward(x)).toBeAllclose(whole, { rtol: 0, atol: 0 });
});

test("an object shifted by the stride of the deepest level is outlined likewise, shifted", () => {
  const model = new UNet(1, 2, { rng: rng(), channels: 2, depth: 2 });
  const object = sines([1, 4, 4, 1]) as Tensor4D;
  const at = (offset: number) =>
    pad(object, [
      [0, 0],
      [offset, 60 - offset],
      [offset, 60 - offset],
      [0, 0],
    ]) as Tensor4D;
  const around = (y: Tensor4D, offset: number) => slice(y, [0, offset - 8, offset - 8, 0], [1, 20, 20, 2]);
  const [first, second] = [model.forward(at(24)), model.forward(at(32))];
  expect(around(second, 32)).toBeAllclose(around(first, 24));
});

test("a transposed convolution by hand: each pixel times the filter, 2 apart, the border cut off", () => {
  const x = tensor4d([2, 1, 3, 2], [1, 2, 2, 1]);
  const filter = tensor4d([1, 2, 1, 2, 0, 1, 0, 2, 1], [3, 3, 1, 1]);
  const y = convTranspose2d(x, filter, null, { stride: 2, padding: 1, outputPadding: 1 });
  expect(y).toBeAllclose([0, 4, 0, 1, 10, 7, 6, 3, 0, 7, 0, 2, 6, 3, 4, 2]);
});

test("mask values in a file of Pytorch-UNet are ignored, other unknown entries are not", async () => {
  const model = new UNet(3, 2, { rng: rng(), channels: 2, depth: 1 });
  const state = await torchStateOf(model);
  const entry = { data: Float32Array.of(0, 255), shape: [2] };
  expect(() => loadWeights(model, { ...state, mask_values: entry })).not.toThrow();
  expect(() => loadWeights(model, { ...state, mask: entry })).toThrow(WeightsError);
});

test("SegFormer's names of the hub are those of today's transformers", () => {
  const names = {
    "segformer.encoder.patch_embeddings.1.proj.weight": "segformer.stages.1.patch_embeddings.proj.weight",
    "segformer.encoder.patch_embeddings.0.layer_norm.bias":
      "segformer.stages.0.patch_embeddings.layer_norm.bias",
    "segformer.encoder.block.0.1.layer_norm_1.weight": "segformer.stages.0.blocks.1.layernorm_before.weight",
    "segformer.encoder.block.0.1.attention.self.query.weight":
      "segformer.stages.0.blocks.1.attention.q_proj.weight",
    "segformer.encoder.block.0.1.attention.self.sr.weight":
      "segformer.stages.0.blocks.1.attention.sequence_reduction.sequence_reduction.weight",
    "segformer.encoder.block.0.1.attention.self.layer_norm.weight":
      "segformer.stages.0.blocks.1.attention.sequence_reduction.layer_norm.weight",
    "segformer.encoder.block.2.0.attention.output.dense.bias":
      "segformer.stages.2.blocks.0.attention.o_proj.bias",
    "segformer.encoder.block.2.0.layer_norm_2.bias": "segformer.stages.2.blocks.0.layernorm_after.bias",
    "segformer.encoder.block.2.0.mlp.dense1.weight": "segformer.stages.2.blocks.0.mlp.fc1.weight",
    "segformer.encoder.block.2.0.mlp.dwconv.dwconv.weight":
      "segformer.stages.2.blocks.0.mlp.dwconv.dwconv.weight",
    "segformer.encoder.layer_norm.3.weight": "segformer.stages.3.layer_norm.weight",
    "decode_head.linear_c.0.proj.weight": "decode_head.linear_projections.0.proj.weight",
    "decode_head.classifier.weight": "decode_head.classifier.weight",
  };
  expect(Object.keys(names).map(segformerHubNames)).toEqual(Object.values(names));
});

describe("what does not fit is refused", () => {
  const backbone = () =>
    new IntermediateLayers(new Sequential(new Conv2d(3, 4, 3, { rng: rng(), stride: 2, padding: 1 })), {
      0: "c1",
    });
  const refused: [title: string, run: () => unknown, message: string][] = [
    [
      "an image of other channels",
      () => new UNet(3, 2, { rng: rng(), channels: 2, depth: 1 }).forward(sines([1, 8, 8, 1]) as Tensor4D),
      "(in inc.doubleConv.0 of UNet)",
    ],
    [
      "an image without a batch",
      () => new UNet(3, 2, { rng: rng(), channels: 2, depth: 1 }).forward(sines([8, 8, 3]) as never),
      "UNet: images is [8, 8, 3], expected [batch, height, width, channel].",
    ],
    [
      "a misspelt option",
      () => new UNet(3, 2, { rng: rng(), chanels: 2 } as never),
      "UNet: there is no option chanels, did you mean channels?",
    ],
    [
      "a map that the backbone lacks",
      () => new segmentation.Fcn(backbone(), 2, { rng: rng(), outMap: "layer4" }),
      'Fcn: outMap is "layer4", expected the name of a map of the backbone: c1.',
    ],
    [
      "an auxiliary map that it lacks",
      () => new segmentation.DeepLabV3(backbone(), 2, { rng: rng(), auxMap: "aux" }),
      'DeepLabV3: auxMap is "aux"',
    ],
    [
      "maps of the pyramid that it lacks",
      () => new segmentation.FpnSegmenter(backbone(), 2, { rng: rng(), inMaps: ["c2"] }),
      'FpnSegmenter: inMaps is ["c2"], expected names of maps of the backbone: c1.',
    ],
    [
      "channels that groups do not divide",
      () => new segmentation.FpnSegmenter(backbone(), 2, { rng: rng(), channels: 9, groups: 2 }),
      "FpnSegmenter: channels is 9, expected a multiple of the 2 groups.",
    ],
    [
      "heads that do not divide the features",
      () => new segmentation.Segformer(2, { rng: rng(), hiddenSizes: [32, 64, 161, 256] }),
      "Segformer: hiddenSizes is 161, expected a multiple of the 5 heads.",
    ],
    [
      "lists of different lengths",
      () => new segmentation.Segformer(2, { rng: rng(), depths: [2, 2] }),
      "Segformer: depths is [2,2], expected as many numbers as there are stages.",
    ],
    [
      "a transposed target",
      () => new segmentation.SegmentationMetrics(2).add([0, 1], [0]),
      "SegmentationMetrics: 2 predictions for 1 pixels.",
    ],
    [
      "an unknown class of the target",
      () => new segmentation.SegmentationMetrics(2).add([0, 1], [0, 2]),
      "SegmentationMetrics: target[1] is 2, expected a class from 0 to 1, or 255 for one to ignore.",
    ],
    [
      "an unknown class of the prediction",
      () => new segmentation.SegmentationMetrics(2).add([0, 255], [0, 1]),
      "SegmentationMetrics: prediction[1] is 255, expected a class from 0 to 1.",
    ],
    [
      "a class to ignore",
      () => new segmentation.SegmentationMetrics(2, { ignoreIndex: 1 }),
      "SegmentationMetrics: ignoreIndex is 1, expected none of the 2 classes.",
    ],
  ];
  test.each(refused)("%s", (_, run, message) => {
    expect(run).toThrow(message);
  });
});

test("metrics over batches are those of all pixels, and a refused batch is not counted", async () => {
  const metrics = new segmentation.SegmentationMetrics(2);
  metrics.add([0, 1, 1], [0, 1, 0]);
  expect(() => metrics.add([0, 1], [0, 7])).toThrow();
  metrics.add([1], [1]);
  expect(metrics.scores()).toMatchObject({
    confusion: [
      [1, 1],
      [0, 2],
    ],
    pixelAccuracy: 0.75,
    meanIou: (1 / 2 + 2 / 3) / 2,
    meanDice: (2 / 3 + 4 / 5) / 2,
    meanClassAccuracy: 0.75,
    frequencyWeightedIou: (1 / 2 + 2 / 3) / 2,
  });
  metrics.reset();
  expect(metrics.compute()).toBeNaN();
  const before = memory().numTensors;
  const x = sines([1, 2, 2, 3]);
  await expect(metrics.update(x, zerosLike(slice(x, [0, 0, 0, 0], [1, 2, 2, 1])))).rejects.toThrow(
    "SegmentationMetrics(2): prediction is [1, 2, 2, 3]",
  );
  expect(memory().numTensors).toBeGreaterThanOrEqual(before);
});

test("panoptic quality names ids and segments that do not belong together", () => {
  const picture = (data: number[], segments: object) => ({
    ids: { data: Int32Array.from(data), shape: [1, data.length] },
    segments: segments as never,
  });
  const quality = new segmentation.PanopticQuality();
  const right = picture([1, 0], { 1: { category: 3 } });
  expect(() => quality.update(right, picture([2, 0], {}))).toThrow(
    "PanopticQuality: the prediction has pixels of 2, but no segment 2. Void is 0.",
  );
  expect(() => quality.update(right, picture([1, 0], { 1: { category: 3 }, 2: { category: 1 } }))).toThrow(
    "PanopticQuality: segment 2 of the prediction has no pixels.",
  );
  expect(() => quality.update(right, picture([1], { 1: { category: 3 } }))).toThrow(
    "PanopticQuality: prediction is [1, 1], expected [1, 2] as the target.",
  );
  quality.update(right, right);
  expect(quality.compute()).toBe(1);
});
