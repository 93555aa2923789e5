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

const rule: GradientRule = { inputs: ["x"], gradient: (dy, { ordinary }) => ordinary(relu(dy)) };

/**
 * The gradient in which every ReLU passes only positive gradients at positive inputs: `dx = dy · [dy > 0] · [x > 0]`.
 *
 * It looks sharp because it shows the image's edges, whatever the model has learned: it fails {@link sanityCheck}. Adebayo et al., 2018.
 *
 * Springenberg, Dosovitskiy, Brox and Riedmiller, 2015. https://arxiv.org/abs/1412.6806
 *
 * @throws OptionError for a net with activations, none of which is a ReLU
 */
export function guidedBackprop<X extends Structured<X>>(score: Score<X>): (x: X) => X {
  checkArguments("guidedBackprop", { function: { score } });
  const gradientOf = gradient<X>(score);
  return (x) =>
    tidyLeaves(() => {
      const { rules, check } = reluRules("guidedBackprop", rule);
      const map = withGradientRules(rules, () => gradientOf(x));
      check();
      return map;
    });
}
