// The output at each window of a larger image is that of the original model for the window alone.
import { useBackend } from "@pellucid/backends";
import { Dropout, Flatten, Linear, MaxPool2d, ReLU, Rng, Sequential } from "@pellucid/core-train";
import { ConvNet, toFullyConvolutional } from "@pellucid/cnn";
import { concat, reshape, slice, type Tensor4D, tensor4d, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

const images = (height: number, width: number): Tensor4D => {
  const { data, shape } = new Rng(1).randn([2, height, width, 3]);
  return tensor4d(data, shape as [number, number, number, number]);
};

test("one pass over a 40×36 image gives the logits of each of its 32×32 windows", () => {
  const net = new ConvNet({ rng: new Rng(0) });
  const relu = new ReLU();
  const head = toFullyConvolutional([net.fc1, relu, net.fc2, relu, net.fc3], [5, 5]);
  const features = new Sequential(net.conv1, relu, new MaxPool2d(2), net.conv2, relu, new MaxPool2d(2));
  const x = images(40, 36);
  const everywhere = tidy(() => head.forward(features.forward(x)));
  expect(everywhere.shape).toEqual([2, 3, 2, 10]); // a step of 4 pixels, after two pools
  const windows = tidy(() => {
    const logits = [0, 4, 8].flatMap((top) =>
      [0, 4].map((left) => reshape(net.forward(slice(x, [0, top, left, 0], [2, 32, 32, 3])), [2, 1, 10])),
    );
    return reshape(concat(logits, 1), [2, 3, 2, 10]);
  });
  expect(everywhere).toBeAllclose(windows, { atol: 1e-5 });
});

test("a head's dropout and layers without bias are kept", () => {
  const rng = new Rng(0);
  const dropout = new Dropout(0.5, { rng });
  const head = toFullyConvolutional(
    [new Linear(12, 4, { rng }), dropout, new Linear(4, 2, { rng, bias: false })],
    [2, 3],
  );
  expect(head.layers[1]).toBe(dropout);
  expect([...head.namedParameters()].map(([name, { shape }]) => [name, shape])).toEqual([
    ["0.weight", [2, 3, 2, 4]],
    ["0.bias", [4]],
    ["2.weight", [1, 1, 4, 2]],
  ]);
});

test("features that are not a multiple of the size, a head without Linear and an unknown layer are rejected", () => {
  const linear = new Linear(10, 4, { rng: new Rng(0) });
  expect(() => toFullyConvolutional([linear], [3, 3])).toThrow(
    "toFullyConvolutional: the first Linear takes 10 features, which are not divisible by the " +
      "3 × 3 elements of a map. Pass the height and width of the maps before flatten.",
  );
  expect(() => toFullyConvolutional([new ReLU()], [3, 3])).toThrow(/has no Linear/);
  expect(() => toFullyConvolutional([new Flatten(), linear], [1, 1])).toThrow(
    /has a Flatten, expected Linear/,
  );
});

test("leaks no tensors but the weights", () => {
  const linear = new Linear(18, 4, { rng: new Rng(0) });
  expect(() => toFullyConvolutional([linear], [3, 3]).dispose()).toLeakNothing();
});
