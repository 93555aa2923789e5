import { abs, amax, clamp, maximum, sizeAlong } from "@pellucid/core-train";
import { div, reshape, scalar, type Tensor, tidy } from "@tensorflow/tfjs-core";

/**
 * Where an estimate of the clean example is clipped: a number clips to `[−c, c]`, a pair to its interval; `"scale"` divides each example by its
 * largest absolute value where that is above 1.
 */
export type Clip = number | readonly [low: number, high: number] | "scale";

/** Clips an estimate, `[batch, ...]`. */
export function clipped(x0: Tensor, clip: Clip | undefined): Tensor {
  if (clip === undefined) return x0;
  if (typeof clip === "number") return clamp(x0, -clip, clip);
  if (clip !== "scale") return clamp(x0, ...clip);
  return tidy(() => {
    const batch = sizeAlong(x0, 0);
    const largest = amax(abs(reshape(x0, [batch, -1])), 1); // [batch]
    const bound = maximum(largest, scalar(1));
    return div(x0, reshape(bound, [batch, ...x0.shape.slice(1).map(() => 1)]));
  });
}
