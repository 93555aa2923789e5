import { gradient, softmax } from "@pellucid/core-train";
import { exp, mul, pow, sigmoid, square, sum, tanh, type Tensor, tensor1d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const x = tensor1d([0.5, -1]);
const second = (f: (at: Tensor) => Tensor) => gradient((at: Tensor) => gradient(f)(at))(x);

test("the second derivative of ops whose gradient is written with their output", () => {
  const [e0, e1] = [Math.exp(0.5), Math.exp(-1)];
  expect(second((at) => exp(at))).toBeAllclose([e0, e1]);
  const [s0, s1] = [1 / (1 + 1 / e0), 1 / (1 + 1 / e1)];
  expect(second((at) => sigmoid(at))).toBeAllclose([s0, s1].map((s) => s * (1 - s) * (1 - 2 * s)));
  const [t0, t1] = [Math.tanh(0.5), Math.tanh(-1)];
  expect(second((at) => tanh(at))).toBeAllclose([t0, t1].map((t) => -2 * t * (1 - t * t)));
  expect(second((at) => pow(at, 3))).toBeAllclose([3, -6]);
});

test("the second derivative where the output goes into something else", () => {
  const f = (at: Tensor) => square(exp(at));
  expect(second(f)).toBeAllclose([4 * Math.exp(1), 4 * Math.exp(-2)]);
});

test("the second derivative with respect to an exponent", () => {
  const base = tensor1d([2, 3]);
  const expected = [2 ** 0.5 * Math.log(2) ** 2, (1 / 3) * Math.log(3) ** 2];
  expect(second((at) => pow(base, at))).toBeAllclose(expected);
});

test("the third derivative", () => {
  const third = gradient((at: Tensor) =>
    gradient((b: Tensor) => gradient((c: Tensor) => exp(mul(c, 2)))(b))(at),
  );
  expect(third(x)).toBeAllclose([8 * Math.exp(1), 8 * Math.exp(-2)]);
});

test("the second derivative of one of our ops whose gradient is written with its output", () => {
  // of Σ w softmax(x), worked out as w·(dp/dx) for two classes: p(1 − p)(1 − 2p)(w0 − w1) in x0
  const p = 1 / (1 + Math.exp(-1.5));
  const expected = p * (1 - p) * (1 - 2 * p) * (1 - 3);
  const at0 = (at: Tensor) => mul(gradient((b: Tensor) => sum(mul(softmax(b), [1, 3])))(at), [1, 0]);
  expect(gradient(at0)(x)).toBeAllclose([expected, -expected]);
});

test("it leaks no tensors", () => {
  expect(() => second((at) => exp(at))).toLeakNothing();
});
