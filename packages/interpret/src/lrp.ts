import { gradient, type GradientRule, type Module, withGradientRules } from "@pellucid/core-train";
import { mul, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { activationOps, reluOps } from "./activation-ops.ts";
import { withFoldedBatchNorms } from "./fold-batch-norms.ts";
import { lrpAlphaBeta, lrpEpsilon, type LrpRule, lrpZPlus } from "./lrp-rule.ts";
import type { Score } from "./score.ts";
import { passOn } from "./pass-on.ts";

/** Which rule for which kind of layer. */
export interface LrpComposite {
  readonly linear: LrpRule;
  readonly convolution: LrpRule;
}

/** ε everywhere: close to input times gradient in a ReLU net. */
export const epsilonEverywhere: LrpComposite = { linear: lrpEpsilon(), convolution: lrpEpsilon() };

/** ε in linear layers, z⁺ in convolutions. Kohlbrenner et al., 2020. https://arxiv.org/abs/1910.09840 */
export const epsilonPlus: LrpComposite = { linear: lrpEpsilon(), convolution: lrpZPlus() };

/** ε in linear layers, α 2 and β 1 in convolutions. */
export const epsilonAlphaBeta: LrpComposite = { linear: lrpEpsilon(), convolution: lrpAlphaBeta() };

/** How {@link lrp} shares out relevance. */
export interface LrpOptions {
  /** One rule for every layer, or one for each kind. Default: {@link epsilonEverywhere}. */
  readonly rules?: LrpRule | LrpComposite;
  /** The model that the score asks: its batch norms are folded into the convolutions and linear layers before them. */
  readonly model?: Module;
}

/**
 * Layer-wise relevance propagation: the score is shared out backwards, in each linear layer by a rule, in activations unchanged, in
 * max-pools to the winner. Without biases and where the rule finds something to share among, it adds up to the score.
 *
 * Bach, Binder, Montavon, Klauschen, Müller and Samek, 2015. https://doi.org/10.1371/journal.pone.0130140
 */
export function lrp<X extends Tensor>(score: Score<X>, options: LrpOptions = {}): (x: X) => X {
  const { rules = epsilonEverywhere, model } = options;
  const composite = typeof rules === "function" ? { linear: rules, convolution: rules } : rules;
  const slope = gradient<X>(score);
  const byOp = rulesByOp(composite);
  return (x) =>
    tidy(() => {
      const propagate = () => withGradientRules(byOp, () => slope(x));
      const gradients =
        model === undefined ? propagate() : withFoldedBatchNorms(model, () => score(x), propagate);
      return mul<X>(x, gradients);
    });
}

function rulesByOp({ linear, convolution }: LrpComposite): Record<string, GradientRule> {
  const bent = activationOps.filter((name) => !reluOps.includes(name));
  return {
    ...Object.fromEntries(bent.map((name) => [name, passOn])),
    PellucidLinear: { inputs: ["x", "weight", "bias"], gradient: linear },
    BatchMatMul: { inputs: ["a", "b"], gradient: linear },
    PellucidConv2d: { inputs: ["x", "filter"], gradient: convolution },
    PellucidConv2dWithBias: { inputs: ["x", "filter", "bias"], gradient: convolution },
  };
}
