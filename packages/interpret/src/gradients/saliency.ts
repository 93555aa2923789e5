import { gradient } from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";
import type { Score } from "../score/score.ts";

/**
 * How the score changes with each input: `∂ score / ∂ x`, with its sign. The paper shows its absolute value.
 *
 * Simonyan, Vedaldi and Zisserman, 2014, section 3. https://arxiv.org/abs/1312.6034
 */
export function saliency<X extends Tensor>(score: Score<X>): (x: X) => X {
  return gradient<X>(score);
}
