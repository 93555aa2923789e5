import { gradient } from "@pellucid/core-train";
import {
  all,
  any,
  argMax,
  cast,
  isNaN,
  less,
  logicalAnd,
  logicalNot,
  logicalXor,
  mul,
  type Tensor,
  tensor1d,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const x = tensor1d([1, -2, 3]);

test.each<[string, (at: Tensor) => Tensor]>([
  ["a comparison", (at) => less(at, 2)],
  [
    "logic over comparisons",
    (at) => logicalXor(logicalAnd(less(at, 2), less(at, 0)), logicalNot(less(at, 1))),
  ],
  ["whether any or all are", (at) => logicalAnd(any(less(at, 2)), all(less(at, 9)))],
  ["whether it is a number", (at) => isNaN(at)],
  ["where the largest is", (at) => argMax(at)],
])("the derivative of %s is 0", (_, f) => {
  const factor = cast(f(x), "float32");
  const expected = mul(factor, [1, 1, 1]);
  expect(gradient((at: Tensor) => mul(at, cast(f(at), "float32")))(x)).toBeAllclose(expected);
});
