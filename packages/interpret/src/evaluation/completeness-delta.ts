import { checkArguments, checkShape, type Structured } from "@pellucid/core-train";
import { add, reshape, sub, sum, type Tensor1D, tidy } from "@tensorflow/tfjs-core";
import { type Baseline, baselineLike } from "../score/baseline.ts";
import { leavesAtFloats } from "../score/float-leaves.ts";
import type { ExplainedInput } from "./explained-input.ts";
import type { Score } from "../score/score.ts";

/**
 * By how much an attribution does not add up: `Σ map − (score(x) − score(baseline))`, `[batch]`. For {@link integratedGradients},
 * {@link deepLift} and {@link shapley} it should be 0; it is their numerical error, in the units of the score.
 *
 * @throws ShapeError where a float tensor of the attribution does not have the batch as its first axis
 */
export function completenessDelta<X extends Structured<X>>(
  score: Score<X>,
  explainedInput: ExplainedInput<X>,
  baseline?: Baseline<X>,
): Tensor1D {
  checkArguments("completenessDelta", { function: { score }, "{ map, x }": { explainedInput } });
  const { map, x } = explainedInput;
  return tidy(() => {
    const rise = sub<Tensor1D>(score(x), score(baselineLike("completenessDelta", x, baseline ?? 0)));
    const [batch] = rise.shape;
    const parts = leavesAtFloats(x, map).map((part) => {
      checkShape("completenessDelta", "map", part, [batch, ...part.shape.slice(1)]);
      return sum<Tensor1D>(reshape(part, [batch, -1]), 1);
    });
    const whole = parts.reduce((all, part) => add<Tensor1D>(all, part));
    return sub<Tensor1D>(whole, rise);
  });
}
