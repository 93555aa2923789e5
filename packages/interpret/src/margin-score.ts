import { amax, checkShape, type Layer, oneHot, OptionError } from "@pellucid/core-train";
import { mul, sub, sum, type Tensor, type Tensor1D, tensor1d, tidy } from "@tensorflow/tfjs-core";
import type { Score } from "./score.ts";

/**
 * By how much a class leads: its logit minus the largest of the others; below 0 the net says something else. Unlike the loss, it has a slope
 * where the net is sure.
 *
 * Carlini and Wagner, 2017, objective 6. https://arxiv.org/abs/1608.04644
 *
 * @param model `[batch, …]` → `[batch, class]`
 * @param target a class for all examples, or one for each
 */
export function marginScore<X extends Tensor>(
  model: Layer<X, Tensor>,
  target: number | readonly number[],
): Score<X> {
  const targets = typeof target === "number" ? [target] : target;
  return (x) =>
    tidy(() => {
      const logits = model.forward(x); // [batch, class]
      checkShape("marginScore", "what the model puts out", logits, ["batch", "class"]);
      const [batch, classes] = logits.shape as [number, number];
      for (const one of targets) {
        if (Number.isInteger(one) && one >= 0 && one < classes) continue;
        throw new OptionError("marginScore", "target", one, `a class from 0 to ${classes - 1}`);
      }
      const rows = Array.from({ length: batch }, (_, i) => targets[i % targets.length] as number);
      const chosen = oneHot(tensor1d(rows, "int32"), classes); // [batch, class]
      const others = sub(logits, mul(chosen, 1e9));
      return sub<Tensor1D>(sum(mul(logits, chosen), 1), amax(others, 1)); // [batch]
    });
}
