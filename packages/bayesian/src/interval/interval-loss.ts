import { checkArguments, checkNotNegative, checkOptions, checkShape } from "@pellucid/core-train";
import { add, mean, mul, relu, type Scalar, square, sub, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { Interval } from "./interval.ts";

/** Options for {@link intervalLoss}. */
export interface IntervalLossOptions {
  /** The weight of targets outside. Default: 10. */
  readonly coverage?: number;
  /** The weight of the width. Default: 1. */
  readonly width?: number;
}

/**
 * Trains intervals to contain their targets and to stay narrow: `c · mean(relu(l − y)² + relu(y − u)²) + w · mean((u − l)²)`.
 *
 * @param target of the shape of the bounds
 */
export function intervalLoss(interval: Interval, target: Tensor, options: IntervalLossOptions = {}): Scalar {
  checkArguments("intervalLoss", { "{ lower, upper }": { interval } });
  const { lower, upper } = interval;
  checkOptions("intervalLoss", options, ["coverage", "width"]);
  const { coverage = 10, width = 1 } = options;
  checkNotNegative("intervalLoss", { coverage, width });
  checkShape("intervalLoss", "target", target, lower.shape);
  return tidy(() => {
    const outside = add(square(relu(sub(lower, target))), square(relu(sub(target, upper))));
    return add<Scalar>(mul(coverage, mean(outside)), mul(width, mean(square(sub(upper, lower)))));
  });
}
