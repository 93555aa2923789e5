import { checkNotNegative, checkOptions, checkShape, type Module, sizeAlong } from "@pellucid/core-train";
import { type Tensor, type Tensor1D, tidy } from "@tensorflow/tfjs-core";
import { type Interval, intervalAround } from "./interval.ts";

/** Options for {@link certify}. */
export interface CertifyOptions {
  /** How far each number of an input may be moved. */
  readonly radius: number;
  /** {@link intervalBounds}, or {@link crownBounds}, which certifies more. */
  readonly bounds: (model: Module, x: Interval) => Interval;
  /** The least distance of the logit of the label from all others. Default: 1e-4, for rounding errors. */
  readonly margin?: number;
}

/**
 * Whether no input within `radius` of an example can change its class: the lower bound of the logit of the label is above the upper bounds of all others.
 *
 * @param labels int32 `[batch]`
 * @returns one entry for each example
 */
export async function certify(
  model: Module,
  x: Tensor,
  labels: Tensor1D,
  options: CertifyOptions,
): Promise<boolean[]> {
  checkOptions("certify", options, ["radius", "bounds", "margin"]);
  const { radius, bounds, margin = 1e-4 } = options;
  checkNotNegative("certify", { radius, margin });
  checkShape("certify", "labels", labels, [x.shape[0] ?? 0]);
  const { lower, upper } = tidy(() => bounds(model, intervalAround(x, radius)));
  try {
    const [low, high, of] = await Promise.all([lower.data(), upper.data(), labels.data()]);
    const classes = sizeAlong(lower, 1);
    return Array.from(of, (label, i) => {
      const own = low[i * classes + label] ?? NaN;
      return Array.from({ length: classes }, (_, k) => k).every(
        (k) => k === label || own > (high[i * classes + k] ?? NaN) + margin,
      );
    });
  } finally {
    lower.dispose();
    upper.dispose();
  }
}
