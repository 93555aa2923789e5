import { capture, gradient, Linear, ReLU, Rng, Sequential } from "@pellucid/core-train";
import { memory, mul, square, sum, tensor, type Tensor1D, tensor1d, tidy } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const rng = new Rng(0);
const relu = new ReLU();
const model = new Sequential(relu, new Linear(2, 3, { rng }));
const x = tensor([[-1, 2]]);

test("it returns the output of the layer, although the model freed it", () => {
  const y = capture(relu, () => model.forward(x));
  expect(y).toBeAllclose([0, 2]);
  expect(() => capture(relu, () => model.forward(x))).toLeakNothing();
});

test("what body makes is freed, what is captured belongs to the scope around", () => {
  const before = memory().numTensors;
  tidy(() => {
    capture(relu, () => [model.forward(x), mul(x, 2)]);
  });
  expect(memory().numTensors).toBe(before);
});

test("a layer that did not run, or ran twice, is an error that leaves nothing", () => {
  const never = () => capture(relu, () => mul(x, 2));
  const twice = () => capture(relu, () => relu.forward(relu.forward(x)));
  expect(never).toThrow(
    new RangeError("capture: ReLU ran 0 times, expected once. Is it the layer that body runs?"),
  );
  expect(twice).toThrow(
    new RangeError("capture: ReLU ran 2 times, expected once. Is it the layer that body runs?"),
  );
  expect(never).toLeakNothing();
  expect(twice).toLeakNothing();
});

test("a body that throws after the layer ran leaves nothing", () => {
  const failing = () =>
    capture(relu, () => {
      relu.forward(x);
      throw new Error("stop");
    });
  expect(failing).toThrow("stop");
  expect(failing).toLeakNothing();
});

test("gradients flow through what is captured", () => {
  const double = { forward: (x: Tensor1D) => tidy(() => mul<Tensor1D>(x, 2)) };
  const score = (x: Tensor1D) => tidy(() => sum(square(capture(double, () => double.forward(x)))));
  expect(gradient(score)(tensor1d([1, -3]))).toBeAllclose([8, -24], { atol: 0 });
});
