import { crossEntropy, distillationLoss, gradient, OptionError } from "@pellucid/core-train";
import { add, sum, type Tensor, tensor1d, tensor2d, zerosLike } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const [x, teacher] = [tensor2d([[2, -1, 0.5]]), tensor2d([[3, 1, -2]])];
const y = tensor1d([0], "int32");

test("without the teacher it is the cross-entropy, without the labels it ends at the teacher", () => {
  expect(distillationLoss(x, teacher, y, { alpha: 0 })).toBeAllclose(crossEntropy(x, y));
  const loss = (input: Tensor) => distillationLoss(input, teacher, y, { alpha: 1 });
  expect(loss(teacher)).toBeAllclose(0);
  expect(gradient(loss)(teacher)).toBeAllclose(zerosLike(teacher));
});

test("the teacher does not learn", () => {
  const gradientOf = gradient((t: Tensor) => add(distillationLoss(x, t, y), sum(t)));
  expect(gradientOf(teacher)).toBeAllclose([[1, 1, 1]]);
});

test("errors say what came", () => {
  expect(() => distillationLoss(x, teacher, y, { temperature: 0 })).toThrow(
    new OptionError("distillationLoss", "temperature", 0, "a number above 0"),
  );
  expect(() => distillationLoss(x, teacher, y, { alpha: 2 })).toThrow(
    new OptionError("distillationLoss", "alpha", 2, "0 to 1"),
  );
});
