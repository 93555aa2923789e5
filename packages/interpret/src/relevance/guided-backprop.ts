import { gradient, type GradientRule, withGradientRules } from "@pellucid/core-train";
import { relu, type Tensor } from "@tensorflow/tfjs-core";
import { reluOps } from "./activation-ops.ts";
import type { Score } from "../score/score.ts";

const rule: GradientRule = { inputs: ["x"], gradient: (dy, { ordinary }) => ordinary(relu(dy)) };

/**
 * The gradient in which every ReLU lets through only what is positive, forwards and backwards: `dx = dy · [dy > 0] · [x > 0]`.
 *
 * It looks sharp because it draws the picture's edges, whatever the net has learned: it fails {@link sanityCheck}. Adebayo et al., 2018.
 *
 * Springenberg, Dosovitskiy, Brox and Riedmiller, 2015. https://arxiv.org/abs/1412.6806
 */
export function guidedBackprop<X extends Tensor>(score: Score<X>): (x: X) => X {
  const slope = gradient<X>(score);
  const rules = Object.fromEntries(reluOps.map((name) => [name, rule]));
  return (x) => withGradientRules(rules, () => slope(x));
}
