import { l1Penalty, l2Penalty, parameter, valueAndGradients } from "@pellucid/core-train";
import { expect, test } from "vitest";

const parameters = {
  weight: parameter({ data: new Float32Array([3, -4, 0]), shape: [3] }),
  bias: parameter({ data: new Float32Array([2]), shape: [1] }),
};
const isWeight = (path: string) => path === "weight";

test("the L1 penalty is the sum of absolute values, with gradient 0 at 0", () => {
  const { value, gradients } = valueAndGradients(parameters, () => l1Penalty(parameters, 0.1));
  expect(value).toBeAllclose([0.9]);
  expect(gradients["weight"]).toBeAllclose([0.1, -0.1, 0]);
});

test("the gradient of the L2 penalty is what weight decay adds", () => {
  const { value, gradients } = valueAndGradients(parameters, () => l2Penalty(parameters, 0.1));
  expect(value).toBeAllclose([1.45]);
  expect(gradients["weight"]).toBeAllclose([0.3, -0.4, 0]);
  expect(gradients["bias"]).toBeAllclose([0.2]);
});

test("a mask says what counts", () => {
  expect(l1Penalty(parameters, 1, isWeight)).toBeAllclose([7]);
  expect(l2Penalty(parameters, 1, () => false)).toBeAllclose([0]);
});

test("it leaves nothing but its value", () => {
  expect(() => l1Penalty(parameters, 1)).toLeakNothing();
  expect(() => l2Penalty(parameters, 1)).toLeakNothing();
});
