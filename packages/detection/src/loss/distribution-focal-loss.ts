import {
  checkOptions,
  checkShape,
  clamp,
  logSoftmax,
  type LossOptions,
  OptionError,
  reduceLosses,
  softmax,
  abs,
  sizeAlong,
} from "@pellucid/core-train";
import {
  expandDims,
  mul,
  neg,
  range,
  relu,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";

/**
 * The cross-entropy with the two bins on either side of a distance, each weighted by how near it is: `−Σ max(0, 1 − |i − y|) log softmax(x)ᵢ`. The distance is kept
 * below the last bin. Not reduced, unless asked for.
 * Li et al., 2020, eq. 6. https://arxiv.org/abs/2006.04388
 *
 * @param input `[side, bin]` logits
 * @param target `[side]`: distances, in units of the stride
 * @returns `[side]`, or one number
 * @throws {EmptyBatchError} for a mean over nothing
 */
export function distributionFocalLoss(input: Tensor2D, target: Tensor1D, options: LossOptions = {}): Tensor {
  checkOptions("distributionFocalLoss", options, ["reduction"]);
  const { reduction = "none" } = options;
  checkShape("distributionFocalLoss", "input", input, ["side", "bin"]);
  checkShape("distributionFocalLoss", "target", target, [input.shape[0]]);
  const bins = input.shape[1];
  if (bins < 2) throw new OptionError("distributionFocalLoss", "the number of bins", bins, "at least 2");
  return tidy(() => {
    const distance = expandDims(clamp(target, 0, bins - 1 - 0.01), 1); // [side, 1]
    const weights = relu(sub(1, abs(sub(distance, range(0, bins, 1, "float32"))))); // [side, bin]
    const losses = neg(sum(mul(weights, logSoftmax(input)), 1)); // [side]
    return reduceLosses("distributionFocalLoss", losses, reduction);
  });
}

/**
 * The expected distance `Σ i softmax(x)ᵢ` of each side.
 *
 * @param logits `[…, bin]`
 * @returns `[…]`, in units of the stride
 */
export function expectedDistance(logits: Tensor): Tensor {
  checkShape("expectedDistance", "logits", logits, ["...", "bin"]);
  return tidy(() => {
    const bins = sizeAlong(logits, -1);
    return sum(mul(softmax(logits), range(0, bins, 1, "float32")), -1);
  });
}
