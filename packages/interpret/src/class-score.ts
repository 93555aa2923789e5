import { checkShape, type Layer, oneHot, OptionError } from "@pellucid/core-train";
import { mul, sum, type Tensor, type Tensor1D, tensor1d, tidy } from "@tensorflow/tfjs-core";
import type { Score } from "./score.ts";

/**
 * The logit of a class: a target for all examples, or one for each. Logits, not probabilities: a softmax lets a class rise
 * because another one falls, and it has no slope where the net is sure.
 *
 * Of a batch that is several copies of the examples, row `i` has the target `i mod targets.length`.
 *
 * @param model `[batch, …]` → `[batch, class]`
 */
export function classScore<X extends Tensor>(
  model: Layer<X, Tensor>,
  target: number | readonly number[],
): Score<X> {
  const targets = typeof target === "number" ? [target] : target;
  return (x) =>
    tidy(() => {
      const logits = model.forward(x); // [batch, class]
      checkShape("classScore", "what the model puts out", logits, ["batch", "class"]);
      const [batch, classes] = logits.shape as [number, number];
      for (const one of targets) {
        if (Number.isInteger(one) && one >= 0 && one < classes) continue;
        throw new OptionError("classScore", "target", one, `a class from 0 to ${classes - 1}`);
      }
      if (batch % targets.length !== 0) {
        throw new OptionError(
          "classScore",
          "target",
          `[${targets.join(", ")}]`,
          `one for all or one for each of the ${batch} examples`,
        );
      }
      const rows = Array.from({ length: batch }, (_, i) => targets[i % targets.length] as number);
      const chosen = oneHot(tensor1d(rows, "int32"), classes); // [batch, class]
      return sum(mul(logits, chosen), 1) as Tensor1D; // [batch]
    });
}
