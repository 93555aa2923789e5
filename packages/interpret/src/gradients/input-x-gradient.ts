import {
  checkArguments,
  gradient,
  leaves,
  mapLeaves,
  type Structured,
  tidyLeaves,
} from "@pellucid/core-train";
import { mul } from "@tensorflow/tfjs-core";
import type { Score } from "../score/score.ts";

/**
 * `x · ∂ score / ∂ x`. It adds up to the score only if that is linear: of `x1 x2` at (2, 3) it is (6, 6), and the score is 6.
 *
 * Shrikumar, Greenside, Shcherbina and Kundaje, 2017. https://arxiv.org/abs/1605.01713
 */
export function inputXGradient<X extends Structured<X>>(score: Score<X>): (x: X) => X {
  checkArguments("inputXGradient", { function: { score } });
  const gradientOf = gradient<X>(score);
  return (x) =>
    tidyLeaves(() => {
      const gradients = leaves(gradientOf(x));
      return mapLeaves(x, (leaf, i) => mul(leaf, gradients[i] ?? 0));
    });
}
