import { checkArguments, checkFinite, checkOptions, checkShape, mseLoss, oneHot } from "@pellucid/core-train";
import {
  add,
  expandDims,
  mul,
  type Scalar,
  type Tensor,
  type Tensor1D,
  tidy,
  zerosLike,
} from "@tensorflow/tfjs-core";

/** Options for {@link mseMembraneLoss}. */
export interface MseMembraneLossOptions {
  /** The membrane that the right class is to have. Default: 1. */
  readonly onTarget?: number;
  /** The membrane that the others are to have. Default: 0. */
  readonly offTarget?: number;
}

/**
 * The mean squared difference of membranes from a target at each time step, as snntorch's `mse_membrane_loss`.
 *
 * @param membranes `[batch, time, class]`
 * @param labels int32 `[batch]`
 */
export function mseMembraneLoss(
  membranes: Tensor,
  labels: Tensor1D,
  options: MseMembraneLossOptions = {},
): Scalar {
  checkArguments("mseMembraneLoss", { tensor: { membranes, labels } });
  checkOptions("mseMembraneLoss", options, ["onTarget", "offTarget"]);
  const { onTarget = 1, offTarget = 0 } = options;
  checkFinite("mseMembraneLoss", { onTarget, offTarget });
  checkShape("mseMembraneLoss", "membranes", membranes, [labels.shape[0], "time", "class"]);
  return tidy(() => {
    const hot = expandDims(oneHot(labels, membranes.shape[2] ?? 0), 1); // [batch, 1, class]
    const target = add(offTarget, mul(onTarget - offTarget, hot));
    return mseLoss(membranes, add(zerosLike(membranes), target)) as Scalar;
  });
}
