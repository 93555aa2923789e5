import { gradient } from "@pellucid/core-train";
import { mul, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { Score } from "../score/score.ts";

/**
 * `x · ∂ score / ∂ x`. It adds up to the score only where that is linear: of `x1 x2` at (2, 3) it is (6, 6), and the score is 6.
 *
 * Shrikumar, Greenside, Shcherbina and Kundaje, 2017. https://arxiv.org/abs/1605.01713
 */
export function inputXGradient<X extends Tensor>(score: Score<X>): (x: X) => X {
  const slope = gradient<X>(score);
  return (x) => tidy(() => mul<X>(x, slope(x)));
}
