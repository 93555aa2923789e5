import { binaryCrossEntropyWithLogits, checkShape, meanOver } from "@pellucid/core-train";
import {
  add,
  mean,
  mul,
  split,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";

/**
 * The logistic loss of whether the object is there, and where it is, the squared errors of its points, summed. Averaged over images.
 *
 * @param output `[batch, 1 + 2 · point]`, of `LandmarkNet`
 * @param target `[batch, 1 + 2 · point]`: 1 or 0, then `x` and `y` of each point in parts of the image
 */
export function landmarkLoss(output: Tensor2D, target: Tensor2D): Tensor {
  checkShape("landmarkLoss", "output", output, ["batch", "1 + 2 point"]);
  checkShape("landmarkLoss", "target", target, output.shape);
  return tidy(() => {
    const parts = [1, output.shape[1] - 1];
    const [logit, points] = split(output, parts, 1) as [Tensor2D, Tensor2D];
    const [object, truePoints] = split(target, parts, 1) as [Tensor2D, Tensor2D];
    const found = binaryCrossEntropyWithLogits(logit, object, { reduction: "none" }); // [batch, 1]
    const located = sum(square(sub(points, truePoints)), 1, true); // [batch, 1]
    return meanOver(mean(add(found, mul(object, located))), output.shape[0]);
  });
}
