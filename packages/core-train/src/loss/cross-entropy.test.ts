import {
  crossEntropy,
  EmptyBatchError,
  gradient,
  LabelError,
  OptionError,
  ShapeError,
} from "@pellucid/core-train";
import { checkGradient } from "@pellucid/testing";
import { backend, cast, oneHot, type Tensor, tensor, tensor1d, tensor2d, zeros } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const x = tensor2d([
  [2, -1, 0.5],
  [0.25, 1, -3],
]);
const y = tensor1d([0, 2], "int32");

test("of even logits it is the logarithm of the number of classes", () => {
  expect(crossEntropy(zeros([2, 3]), y)).toBeAllclose(Math.log(3));
});

test("the course notes' two tables have PyTorch's losses", () => {
  const labels = tensor1d([2, 0, 1, 0], "int32");
  const good = tensor2d([0.1, 0.2, 0.9, 1.1, 0.1, 0.2, 0.2, 2.1, 0.1, 1.2, 0.1, 0.3], [4, 3]);
  const bad = tensor2d([0.8, 0.2, 0.3, 0.2, 0.3, 0.5, 0.2, 0.2, 0.5, 0.1, 0.7, 0.4], [4, 3]);
  const digits = { atol: 1e-5 };
  const losses = (x: Tensor) => crossEntropy(x, labels, { reduction: "none" });
  expect(losses(good)).toBeAllclose([0.66573, 0.57349, 0.25068, 0.55356], digits);
  expect(losses(bad)).toBeAllclose([1.26795, 1.23983, 1.20892, 1.42839], digits);
});

test("labels agree with their one-hot probabilities", () => {
  const probabilities = cast(oneHot(y, 3), "float32");
  for (const labelSmoothing of [0, 0.25]) {
    const ofLabels = crossEntropy(x, y, { labelSmoothing });
    expect(crossEntropy(x, probabilities, { labelSmoothing })).toBeAllclose(ofLabels);
  }
});

test("the gradient agrees with differences", () => {
  checkGradient((input: Tensor) => crossEntropy(input, y, { labelSmoothing: 0.25, reduction: "none" }), x);
});

test("the gradient has a gradient", () => {
  const gradientOf = gradient((input: Tensor) => crossEntropy(input, y));
  checkGradient(gradientOf, x);
});

test("a masked logit, -∞, does not affect the others", () => {
  const masked = tensor2d([[2, -Infinity, 0]]);
  const label = tensor1d([0], "int32");
  expect(crossEntropy(masked, label)).toBeAllclose(Math.log(1 + Math.exp(-2)));
  expect(gradient((input: Tensor) => crossEntropy(input, label))(masked)).toBeAllclose([
    -0.119203, 0, 0.119203,
  ]);
});

test("huge logits neither overflow nor vanish", () => {
  const huge = tensor2d([[1e4, -1e4, 3e4]]);
  expect(crossEntropy(huge, tensor1d([1], "int32"))).toBeAllclose(4e4);
});

test("errors say what is wrong with the target", () => {
  expect(() => crossEntropy(x, tensor1d([0, 3], "int32"))).toThrow(
    new LabelError("crossEntropy: target[1] is 3, expected a class from 0 to 2, or -100 for one to ignore."),
  );
  expect(() => crossEntropy(x, tensor1d([0, -1], "int32"))).toThrow(LabelError);
  expect(() => crossEntropy(x, tensor1d([0, 2]))).toThrow(
    new LabelError(
      'crossEntropy: target is float32 [2], expected int32 labels. Make it with tensor(labels, shape, "int32").',
    ),
  );
  expect(() => crossEntropy(x, tensor1d([0, 2, 1], "int32"))).toThrow(
    new ShapeError(
      "crossEntropy: target is [3], expected [2]. Labels are int32 without the class axis, probabilities have the shape of the input.",
    ),
  );
  expect(() => crossEntropy(x, tensor2d([[0], [2]]))).toThrow(ShapeError);
});

test("a label outside the classes has an infinite loss where values are not checked", () => {
  Object.defineProperty(backend(), "uploadToGPU", { value: true, configurable: true });
  try {
    expect(crossEntropy(x, tensor1d([0, 3], "int32"))).toBeAllclose(Infinity);
  } finally {
    Reflect.deleteProperty(backend(), "uploadToGPU");
  }
});

test("errors say what is wrong with an option", () => {
  expect(() => crossEntropy(x, y, { labelSmoothing: 1.5 })).toThrow(
    new OptionError("crossEntropy", "labelSmoothing", 1.5, "0 to 1"),
  );
  expect(() => crossEntropy(x, y, { weight: tensor1d([1, 2]) })).toThrow(
    new ShapeError("crossEntropy: weight is [2], expected [3]."),
  );
});

test("an empty batch has a sum but no mean", () => {
  const nothing = tensor([], [0, 3]);
  const none = tensor([], [0], "int32");
  expect(crossEntropy(nothing, none, { reduction: "sum" })).toBeAllclose(0);
  expect(crossEntropy(nothing, none, { reduction: "none" })).toHaveShape([0]);
  expect(() => crossEntropy(nothing, none)).toThrow(
    new EmptyBatchError(
      'crossEntropy: the batch is empty, [0], and has no mean loss. Leave it out, or reduce by "sum".',
    ),
  );
});

test("an error leaks no tensors", () => {
  const wrong = tensor1d([0, 3], "int32");
  expect(() => crossEntropy(x, wrong)).toLeakNothing();
});
