import {
  checkArguments,
  gradient,
  type GradientRule,
  type Structured,
  tidyLeaves,
  withGradientRules,
} from "@pellucid/core-train";
import { relu } from "@tensorflow/tfjs-core";
import type { Score } from "../score/score.ts";
import { reluRules } from "./relu-rules.ts";

const rule: GradientRule = { inputs: ["x"], gradient: (dy) => relu(dy) };

/**
 * The gradient in which every ReLU passes positive gradients, whatever its input: `dx = dy · [dy > 0]`.
 *
 * Zeiler and Fergus, 2014. https://arxiv.org/abs/1311.2901
 *
 * @throws OptionError for a net with activations, none of which is a ReLU
 */
export function deconvnet<X extends Structured<X>>(score: Score<X>): (x: X) => X {
  checkArguments("deconvnet", { function: { score } });
  const gradientOf = gradient<X>(score);
  return (x) =>
    tidyLeaves(() => {
      const { rules, check } = reluRules("deconvnet", rule);
      const map = withGradientRules(rules, () => gradientOf(x));
      check();
      return map;
    });
}
