import type { Tensor } from "@tensorflow/tfjs-core";
import { checkShape } from "../shape-error.ts";
import { checkTensor } from "../check-tensor.ts";

/** The numbers of a prediction and of its target, which has the same shape. */
export async function readPair(
  caller: string,
  prediction: Tensor,
  target: Tensor,
): Promise<readonly [prediction: ArrayLike<number>, target: ArrayLike<number>]> {
  checkTensor(caller, "prediction", prediction);
  checkShape(caller, "target", target, prediction.shape);
  return Promise.all([prediction.data(), target.data()]);
}
