import { gradient, type GradientRule, type Structured, withGradientRules } from "@pellucid/core-train";
import { relu } from "@tensorflow/tfjs-core";
import { reluOps } from "./activation-ops.ts";
import type { Score } from "../score/score.ts";

const rule: GradientRule = { inputs: ["x"], gradient: (dy) => relu(dy) };

/**
 * The gradient in which every ReLU passes positive gradients, whatever its input: `dx = dy · [dy > 0]`.
 *
 * Zeiler and Fergus, 2014. https://arxiv.org/abs/1311.2901
 */
export function deconvnet<X extends Structured<X>>(score: Score<X>): (x: X) => X {
  const gradientOf = gradient<X>(score);
  const rules = Object.fromEntries(reluOps.map((name) => [name, rule]));
  return (x) => withGradientRules(rules, () => gradientOf(x));
}
