import { amax, checkArguments, type Layer, type Structured } from "@pellucid/core-train";
import { mul, sub, sum, type Tensor, type Tensor1D, tidy } from "@tensorflow/tfjs-core";
import { chosenClasses } from "./chosen-classes.ts";
import { classLogits } from "./class-logits.ts";
import type { Score } from "./score.ts";

/**
 * By how much a class leads: its logit minus the largest of the others; below 0 the model predicts another class. Unlike that of the loss, its
 * gradient does not vanish where the model is confident.
 *
 * A model with a single logit `z` is a binary classifier, as in `binaryCrossEntropyWithLogits`: the margin of class 1 is `z`, that of class 0 is `−z`.
 *
 * Carlini and Wagner, 2017, objective 6. https://arxiv.org/abs/1608.04644
 *
 * @param model `[batch, …]` → `[batch, class]`, or `[batch, 1]` for two classes
 * @param target a class for all examples, or one for each
 */
export function marginScore<X extends Structured<X>>(
  model: Layer<X, Tensor>,
  target: number | readonly number[],
): Score<X> {
  checkArguments("marginScore", { "{ forward }": { model } });
  return (x) =>
    tidy(() => {
      const logits = classLogits(model.forward(x)); // [batch, class]
      const chosen = chosenClasses("marginScore", logits, target); // [batch, class]
      const others = sub(logits, mul(chosen, 1e9));
      return sub<Tensor1D>(sum(mul(logits, chosen), 1), amax(others, 1)); // [batch]
    });
}
