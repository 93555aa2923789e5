import { checkArguments, gradient, type Structured } from "@pellucid/core-train";
import type { Score } from "../score/score.ts";

/**
 * The gradient of the score with respect to the input, with its sign: `∂ score / ∂ x`. The paper shows its absolute value.
 *
 * Simonyan, Vedaldi and Zisserman, 2014, section 3. https://arxiv.org/abs/1312.6034
 */
export function saliency<X extends Structured<X>>(score: Score<X>): (x: X) => X {
  checkArguments("saliency", { function: { score } });
  return gradient<X>(score);
}
