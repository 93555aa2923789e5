// Outputs of layers within a model are those that the model computes, its head is gone, and what does not exist is refused before anything changes.
import { useBackend } from "@pellucid/backends";
import {
  BatchNorm2d,
  Conv2d,
  gradient,
  IntermediateLayers,
  Module,
  OptionError,
  ReLU,
  Rng,
  Sequential,
  torchStateOf,
  training,
} from "@pellucid/core-train";
import { sines } from "@pellucid/testing";
import { abs, memory, sum, type Tensor, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

const rng = () => new Rng(0);
const block = (from: number, to: number, stride: number) =>
  new Sequential(
    new Conv2d(from, to, 3, { rng: rng(), stride, padding: 1 }),
    new BatchNorm2d(to),
    new ReLU(),
  );

class Classifier extends Module {
  readonly layer1 = block(3, 4, 2);
  readonly layer2 = block(4, 5, 2);
  readonly preLayer3 = block(5, 6, 1);
  readonly fc = new Conv2d(6, 2, 1, { rng: rng() });

  forwardFeatures(images: Tensor4D): Tensor4D[] {
    return tidy(() => {
      const c1 = this.layer1.forward(images);
      const c2 = this.preLayer3.forward(this.layer2.forward(c1));
      return [c1, this.fc.forward(c2)];
    });
  }
}

const images = () => sines([2, 9, 8, 3]) as Tensor4D;

beforeAll(() => useBackend({ only: "wasm" }));

test("maps are the outputs of the named layers, with their channels and strides", () => {
  const whole = new Sequential(block(3, 4, 2), block(4, 5, 2), block(5, 6, 1));
  const maps = new IntermediateLayers(new Sequential(block(3, 4, 2), block(4, 5, 2), block(5, 6, 1)), {
    1: "out",
    0: "low",
  });
  expect(maps.maps).toEqual([
    { name: "low", channels: 4, stride: 2 },
    { name: "out", channels: 5, stride: 4 },
  ]);
  const x = images();
  const { low, out } = maps.forward(x) as { low: Tensor4D; out: Tensor4D };
  const first = (whole[0] as Sequential).forward(x as never) as Tensor4D;
  expect(low).toBeAllclose(first);
  expect(out).toBeAllclose((whole[1] as Sequential).forward(first as never) as Tensor4D);
});

test("names in files are those of the model's own layers, without what comes after the last", async () => {
  const maps = new IntermediateLayers(new Classifier(), { layer1: "low", preLayer3: "out" });
  const names = Object.keys(await torchStateOf(maps));
  expect(names[0]).toBe("layer1.0.weight");
  expect(names).toContain("pre_layer3.1.running_mean");
  expect(names.filter((name) => name.startsWith("fc"))).toEqual([]);
});

test("gradients flow through every map, also in training", () => {
  const maps = new IntermediateLayers(new Classifier(), { layer1: "low", layer2: "out" });
  const through = (name: string) => (x: Tensor) => sum(maps.forward(x as Tensor4D)[name] as Tensor4D);
  for (const name of ["low", "out"]) {
    const found = gradient(through(name))(images());
    expect(sum(abs(found)).arraySync()).toBeGreaterThan(0);
  }
  expect(() => training(maps, () => maps.forward(images()))).not.toThrow();
});

test("a layer that does not exist is refused, and the model stays as it is", async () => {
  const model = new Classifier();
  const before = Object.keys(await torchStateOf(model));
  expect(() => new IntermediateLayers(model, { layer4: "out" })).toThrow(OptionError);
  expect(() => new IntermediateLayers(model, { layer4: "out" })).toThrow(
    'IntermediateLayers: returnLayers is {"layer4":"out"}, expected layers of the model: layer1, layer2, preLayer3, fc',
  );
  expect(() => new IntermediateLayers(model, {})).toThrow(OptionError);
  expect(() => new IntermediateLayers(null as never, { layer1: "out" })).toThrow(OptionError);
  expect(Object.keys(await torchStateOf(model))).toEqual(before);
});

test("nothing leaks, also when an image is refused", () => {
  const before = memory().numTensors;
  const maps = new IntermediateLayers(new Classifier(), { layer1: "low", layer2: "out" });
  const x = images();
  const wrong = sines([2, 9, 8, 4]) as Tensor4D;
  expect(() => maps.forward(x)).toLeakNothing();
  expect(() => maps.forward(wrong)).toLeakNothing();
  expect(() => maps.forward(wrong)).toThrow("x is");
  maps.dispose();
  x.dispose();
  wrong.dispose();
  expect(memory().numTensors).toBe(before);
});
