import { Conv1d, Conv2d, conv2d, pad, Rng, ShapeError, training, WindowError } from "@pellucid/core-train";
import { sines } from "@pellucid/testing";
import { ones, type Tensor4D } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const rng = () => new Rng(0);

test("a 3 x 3 filter over 100 x 100 gives 98 x 98", () => {
  const layer = new Conv2d(5, 10, 3, { rng: rng() });
  expect(layer.weight).toHaveShape([3, 3, 5, 10]);
  expect(layer.forward(ones([1, 100, 100, 5]))).toHaveShape([1, 98, 98, 10]);
});

test.each(["reflect", "replicate", "circular"] as const)("padding mode %s pads before", (paddingMode) => {
  const layer = new Conv2d(2, 3, 3, { rng: rng(), padding: [1, 0], stride: 2, paddingMode });
  const x = sines([1, 5, 6, 2]) as Tensor4D;
  const sides = [
    [0, 0],
    [1, 1],
    [0, 0],
    [0, 0],
  ] as const;
  const padded = pad(x, sides, { mode: paddingMode });
  expect(layer.forward(x)).toBeAllclose(conv2d(padded, layer.weight, layer.bias, { stride: 2 }));
});

test("an input of other channels is refused", () => {
  const layer = new Conv2d(3, 4, [3, 5], { rng: rng() });
  expect(() => layer.forward(ones([1, 8, 8, 2]))).toThrow(
    new ShapeError("Conv2d(3, 4, [3, 5]): x is [1, 8, 8, 2], expected [batch, height, width, 3]."),
  );
});

test("sizes that make no sense are refused", () => {
  expect(() => new Conv2d(3, 4, 3, { rng: rng(), groups: 2 })).toThrow(
    new WindowError("Conv2d: inChannels (3) is not divisible by groups (2)."),
  );
  expect(() => new Conv2d(0, 4, 3, { rng: rng() })).toThrow(
    new WindowError("Conv2d: inChannels is 0, expected an integer of at least 1."),
  );
  expect(() => new Conv1d(3, 4, 0, { rng: rng() })).toThrow(
    new WindowError("Conv1d: kernelSize is 0, expected an integer of at least 1."),
  );
});

test("it leaks no tensors, also when it throws", () => {
  const layer = new Conv2d(2, 3, 3, { rng: rng(), padding: 1, paddingMode: "reflect" });
  const x = sines([1, 5, 6, 2]) as Tensor4D;
  const small = sines([1, 1, 1, 2]) as Tensor4D;
  expect(() => training(layer, () => layer.forward(x))).toLeakNothing();
  expect(() => layer.forward(small)).toLeakNothing();
});
