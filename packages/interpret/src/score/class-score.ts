import { checkArguments } from "@pellucid/core-train";
import type { Layer, Structured } from "@pellucid/core-train";
import { mul, sum, type Tensor, type Tensor1D, tidy } from "@tensorflow/tfjs-core";
import { chosenClasses } from "./chosen-classes.ts";
import type { Score } from "./score.ts";

/**
 * The logit of a class: a target for all examples, or one for each. Logits, not probabilities: a softmax lets a class rise
 * because another one falls, and its gradient vanishes where the model is confident.
 *
 * Of a batch that is several copies of the examples, row `i` has the target `i mod targets.length`.
 *
 * @param model from a batch, a tensor or a structure, to logits `[batch, class]`
 */
export function classScore<X extends Structured<X>>(
  model: Layer<X, Tensor>,
  target: number | readonly number[],
): Score<X> {
  checkArguments("classScore", { "{ forward }": { model } });
  return (x) =>
    tidy(() => {
      const logits = model.forward(x); // [batch, class]
      const chosen = chosenClasses("classScore", logits, target); // [batch, class]
      return sum(mul(logits, chosen), 1) as Tensor1D; // [batch]
    });
}
