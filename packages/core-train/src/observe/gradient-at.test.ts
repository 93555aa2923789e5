import { gradientAt, Linear, ReLU, Rng, Sequential, Tanh } from "@pellucid/core-train";
import { sines } from "@pellucid/testing";
import { add, mul, square, sum, type Tensor, tensor } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { intercept } from "./intercept.ts";

const rng = new Rng(0);
const hidden = new Linear(3, 4, { rng });
const model = new Sequential(hidden, new Tanh(), new Linear(4, 2, { rng }));
const x = sines([2, 3]);
const score = () => sum(square(model.forward(x)), 1);

test("it agrees with finite differences of the layer's output", () => {
  const { output, gradient } = gradientAt(hidden, score);
  expect(output).toBeAllclose(hidden.forward(x));
  const step = 1e-2;
  const moved = (at: number, by: number) => {
    const delta = Float32Array.from({ length: output.size }, (_, i) => (i === at ? by : 0));
    const shifted = intercept(hidden, (y: Tensor) => add(y, tensor(delta, y.shape)), score);
    return sum(shifted).dataSync()[0] as number;
  };
  const measured = Array.from(
    { length: output.size },
    (_, i) => (moved(i, step) - moved(i, -step)) / (2 * step),
  );
  expect(gradient).toBeAllclose(measured, { rtol: 0, atol: 2e-3 });
});

test("where the score does not depend on the layer, the gradient is an error that leaves nothing", () => {
  const other = new ReLU();
  const unrelated = () => {
    other.forward(x);
    return sum(x);
  };
  expect(() => gradientAt(other, unrelated)).toThrow("gradient");
  expect(() => gradientAt(other, unrelated)).toLeakNothing();
});

test("it leaves nothing but its two tensors, also when the score throws", () => {
  const failing = () => {
    mul(model.forward(x), 2);
    throw new Error("stop");
  };
  expect(() => gradientAt(hidden, score)).toLeakNothing();
  expect(() => gradientAt(hidden, failing)).toThrow("stop");
  expect(() => gradientAt(hidden, failing)).toLeakNothing();
  expect(Object.hasOwn(hidden, "forward")).toBe(false);
});
