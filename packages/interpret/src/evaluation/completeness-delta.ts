import { reshape, sub, sum, type Tensor, type Tensor1D, tidy } from "@tensorflow/tfjs-core";
import { type Baseline, baselineLike } from "../score/baseline.ts";
import type { Score } from "../score/score.ts";

/**
 * By how much a map does not add up: `Σ map − (score(x) − score(baseline))`, of each example. For {@link integratedGradients},
 * {@link deepLift} and {@link shapley} it should be 0; it is the error of what they compute, in the units of the score.
 */
export function completenessDelta<X extends Tensor>(
  score: Score<X>,
  map: X,
  x: X,
  baseline: Baseline = 0,
): Tensor1D {
  return tidy(() => {
    const whole = sum(reshape(map, [map.shape[0] as number, -1]), 1);
    const rise = sub(score(x), score(baselineLike("completenessDelta", x, baseline)));
    return sub<Tensor1D>(whole, rise);
  });
}
