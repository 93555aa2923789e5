import { checkShape } from "@pellucid/core-train";
import { add, type Tensor, zerosLike } from "@tensorflow/tfjs-core";

/** What counts as "nothing there": zeros, one number for all inputs, or a tensor of the batch's shape or of one example's. */
export type Baseline = number | Tensor;

/** The baseline in the shape of `x`. To be called in a `tidy`. */
export function baselineLike<X extends Tensor>(who: string, x: X, baseline: Baseline): X {
  if (typeof baseline === "number") return add<X>(zerosLike(x), baseline);
  const shape =
    baseline.rank === x.rank && baseline.shape[0] === x.shape[0] ? x.shape : [1, ...x.shape.slice(1)];
  checkShape(who, "baseline", baseline, shape);
  return add<X>(zerosLike(x), baseline);
}
