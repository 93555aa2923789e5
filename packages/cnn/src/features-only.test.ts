import { useBackend } from "@pellucid/backends";
import { FeaturesOnly, MobileNetV2, resetClassifier, resnet18, SqueezeNet } from "@pellucid/cnn";
import { Rng, trainable } from "@pellucid/core-train";
import { memory, type Rank, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

const rng = new Rng(0);
const images = () => zeros<Rank.R4>([1, 64, 64, 3]);

test("a ResNet's maps halve at each stage, and have the paper's channels", () => {
  const backbone = new FeaturesOnly(resnet18({ rng, numClasses: 3 }));
  const maps = backbone.forward(images());
  expect(Object.entries(maps).map(([name, { shape }]) => [name, ...shape])).toEqual([
    ["c1", 1, 32, 32, 64],
    ["c2", 1, 16, 16, 64],
    ["c3", 1, 8, 8, 128],
    ["c4", 1, 4, 4, 256],
    ["c5", 1, 2, 2, 512],
  ]);
  expect(backbone.maps.map(({ name, channels, stride }) => [name, 64 / stride, channels])).toEqual(
    Object.entries(maps).map(([name, { shape }]) => [name, shape[1], shape[3]]),
  );
  backbone.dispose();
});

test("a MobileNet's maps halve at each stage", () => {
  const model = new MobileNetV2({ rng, numClasses: 3 });
  const sizes = model.forwardFeatures(images()).map(({ shape }) => shape[1]);
  expect(sizes).toEqual([32, 16, 8, 4, 2]);
  model.dispose();
});

test("leaks no tensors, also when it measures the maps", () => {
  const model = resnet18({ rng, numClasses: 3 });
  const x = images();
  const before = memory().numTensors;
  const backbone = new FeaturesOnly(model);
  expect(memory().numTensors).toBe(before);
  const maps = backbone.forward(x);
  expect(memory().numTensors).toBe(before + Object.keys(maps).length);
  model.dispose();
});

test("a new head has the given number of classes, and the old head is disposed of", () => {
  const model = resnet18({ rng, numClasses: 7 });
  const before = memory().numTensors;
  resetClassifier(model, 4, { rng });
  expect(memory().numTensors).toBe(before);
  expect(trainable(model)["fc.weight"]).toHaveShape([512, 4]);
  expect(model.forward(images())).toHaveShape([1, 4]);
  model.dispose();
});

test("a head may be a convolution", () => {
  const model = new SqueezeNet("1.1", { rng, numClasses: 7 });
  resetClassifier(model, 4, { rng });
  expect(model.forward(images())).toHaveShape([1, 4]);
  model.dispose();
});
