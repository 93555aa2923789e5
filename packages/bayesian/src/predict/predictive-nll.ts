import { checkLabels, checkShape, logSoftmax, logSumExp, takeAlongAxis } from "@pellucid/core-train";
import {
  expandDims,
  neg,
  squeeze,
  sub,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tidy,
} from "@tensorflow/tfjs-core";

/**
 * The negative log likelihood of the mean prediction: `−log (1/S Σ p_s(y))`, of each example. Not the mean of the samples' own.
 *
 * @param logits `[sample, batch, class]`
 * @param labels int32 `[batch]`
 * @returns `[batch]`
 * @throws LabelError for a class that does not exist; not checked where reading it would wait for a GPU
 */
export function predictiveNll(logits: Tensor3D, labels: Tensor1D): Tensor1D {
  checkShape("predictiveNll", "logits", logits, ["sample", "batch", "class"]);
  const [samples, batch, classes] = logits.shape;
  checkShape("predictiveNll", "labels", labels, [batch]);
  checkLabels("predictiveNll", labels, classes);
  return tidy(() => {
    const mixed = sub(logSumExp(logSoftmax(logits), 0), Math.log(samples)) as Tensor2D; //  [batch, class]
    return neg(squeeze<Tensor1D>(takeAlongAxis(mixed, expandDims(labels, 1), 1), [1]));
  });
}
