import {
  binaryCrossEntropyWithLogits,
  checkShape,
  logSoftmax,
  meanOver,
  ShapeError,
} from "@pellucid/core-train";
import {
  add,
  mean,
  mul,
  neg,
  split,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";

/**
 * The loss of one object or none, in pieces: the logistic loss of `p_c`; where there is an object also the squared errors of its box, and the cross-entropy of its class. Averaged over
 * images. What is predicted where there is no object does not count.
 *
 * @param output `[batch, 5 + class]`, of `LocalizationNet`
 * @param target `[batch, 5 + class]`, see `localizationTarget`
 * @throws {ShapeError} without a class
 */
export function localizationLoss(output: Tensor2D, target: Tensor2D): Tensor {
  checkShape("localizationLoss", "output", output, ["batch", "5 + class"]);
  checkShape("localizationLoss", "target", target, output.shape);
  if (output.shape[1] < 6)
    throw new ShapeError(
      `localizationLoss: output is [${output.shape.join(", ")}], expected [batch, 5 + class] with a class at least.`,
    );
  return tidy(() => {
    const parts = [1, 4, output.shape[1] - 5];
    const [logit, box, logits] = split(output, parts, 1) as [Tensor2D, Tensor2D, Tensor2D];
    const [object, trueBox, classes] = split(target, parts, 1) as [Tensor2D, Tensor2D, Tensor2D];
    const found = binaryCrossEntropyWithLogits(logit, object, { reduction: "none" }); // [batch, 1]
    const located = sum(square(sub(box, trueBox)), 1, true); // [batch, 1]
    const named = neg(sum(mul(classes, logSoftmax(logits)), 1, true)); // [batch, 1]
    return meanOver(mean(add(found, mul(object, add(located, named)))), output.shape[0]);
  });
}
