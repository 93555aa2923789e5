import { dependence, gradient } from "@pellucid/core-train";
import { add, exp, mul, reshape, sum, type Tensor, tensor1d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("lists the ops between an input and an output, each with its inputs that depend on the input", () => {
  const [x, w] = [tensor1d([1, 2]), tensor1d([3, 4])];
  let found: ReturnType<typeof dependence> | undefined;
  let sides: boolean[] = [];
  gradient((at: Tensor) => {
    const aside = exp(at); // the output does not use it
    const product = mul(mul(at, w), at);
    const y = sum(add(reshape(product, [2, 1]), exp(w)));
    found = dependence(at, y);
    sides = [found.has(product), found.has(aside), found.has(w)];
    return y;
  })(x);
  expect(found?.ops).toEqual([
    { name: "Sum", inputs: ["x"] },
    { name: "Add", inputs: ["a"] },
    { name: "Multiply", inputs: ["a", "b"] },
    { name: "Multiply", inputs: ["a"] },
  ]);
  expect(sides).toEqual([true, true, false]);
});
