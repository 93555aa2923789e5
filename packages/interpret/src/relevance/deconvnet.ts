import { gradient, type GradientRule, withGradientRules } from "@pellucid/core-train";
import { relu, type Tensor } from "@tensorflow/tfjs-core";
import { reluOps } from "./activation-ops.ts";
import type { Score } from "../score/score.ts";

const rule: GradientRule = { inputs: ["x"], gradient: (dy) => relu(dy) };

/**
 * The gradient in which every ReLU lets through what is positive on the way back, wherever it was on the way forth: `dx = dy · [dy > 0]`.
 *
 * Zeiler and Fergus, 2014. https://arxiv.org/abs/1311.2901
 */
export function deconvnet<X extends Tensor>(score: Score<X>): (x: X) => X {
  const slope = gradient<X>(score);
  const rules = Object.fromEntries(reluOps.map((name) => [name, rule]));
  return (x) => withGradientRules(rules, () => slope(x));
}
