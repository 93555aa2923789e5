import { crossEntropy, LabelError, logSoftmax, nllLoss, ShapeError } from "@pellucid/core-train";
import { tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const x = tensor2d([
  [2, -1, 0.5],
  [0.25, 1, -3],
]);
const y = tensor1d([0, 2], "int32");

test("of log softmax it is the cross-entropy", () => {
  expect(nllLoss(logSoftmax(x), y)).toBeAllclose(crossEntropy(x, y));
});

test("errors say what is wrong with the target", () => {
  expect(() => nllLoss(x, tensor1d([3, 0], "int32"))).toThrow(
    new LabelError("nllLoss: target[0] is 3, expected a class from 0 to 2, or -100 for one to ignore."),
  );
  expect(() => nllLoss(x, x)).toThrow(new ShapeError("nllLoss: target is [2, 3], expected [2]."));
});
