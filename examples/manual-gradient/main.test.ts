import { gradient } from "@pellucid/core-train";
import { mul, scalar, square, sub, type Tensor } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { main, gradientByHand } from "./main.ts";

test("PyTorch's numbers: w = 1.9999996424 and y(4) = 7.9999985695 after 100 epochs", () => {
  const { w } = main();
  expect(w).toBeCloseTo(1.9999996424, 10);
  expect(Math.fround(w * 4)).toBeCloseTo(7.9999985695, 10);
});

test("the gradient by hand is that of autograd", () => {
  const loss = (w: Tensor) => square(sub(mul(w, 3), 6));
  expect(gradient(loss)(scalar(0.5))).toBeAllclose(gradientByHand(0.5, 3, 6));
});

test("too large a learning rate diverges", () => {
  const { losses } = main({ epochs: 10, learningRate: 0.3 });
  expect(losses.at(-1)).toBeGreaterThan(losses[0] as number);
});
