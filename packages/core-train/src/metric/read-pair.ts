import type { Tensor } from "@tensorflow/tfjs-core";
import { checkTensor } from "../check-tensor.ts";
import { checkSameShape } from "../check-same-shape.ts";

/** The numbers of a prediction and of its target, which has the same shape. */
export async function readPair(
  caller: string,
  prediction: Tensor,
  target: Tensor,
): Promise<readonly [prediction: ArrayLike<number>, target: ArrayLike<number>]> {
  checkTensor(caller, "prediction", prediction);
  checkSameShape(caller, { prediction, target });
  return Promise.all([prediction.data(), target.data()]);
}
