import {
  checkArguments,
  checkOptions,
  type Dependence,
  dependence,
  gradient,
  type GradientRule,
  type Module,
  OptionError,
  type OpRun,
  type Structured,
  tidyLeaves,
  withGradientRules,
} from "@pellucid/core-train";
import { add, keep, mul, reshape, type Tensor, zerosLike } from "@tensorflow/tfjs-core";
import { withFoldedBatchNorms } from "./fold-batch-norms.ts";
import { boxRelevance, lrpAlphaBeta, lrpEpsilon, type LrpRule, lrpZPlus } from "./lrp-rule.ts";
import { attributionOf, floatLeaves, leavesAtFloats } from "../score/float-leaves.ts";
import type { Score } from "../score/score.ts";
import { propagateRelevance } from "./propagate-relevance.ts";
import { checkRelevanceOps, elementwiseOps } from "./relevance-ops.ts";

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

/** Options for {@link lrp}. */
export interface LrpOptions {
  /** One rule for every layer, or one for each kind. Default: {@link epsilonEverywhere}. */
  readonly rules?: LrpRule | LrpComposite;
  /** The model that the score asks: its batch norms are folded into the convolutions and linear layers before them. */
  readonly model?: Module;
  /**
   * Between which numbers the input lies: the layers that see it itself then have the rule zᴮ, by which black pixels can receive relevance too.
   * Default: they have the rule of their kind.
   */
  readonly box?: readonly [low: number, high: number];
}

/**
 * Layer-wise relevance propagation: the score is shared out backwards, in each linear layer by a rule, in activations unchanged, in
 * max-pools to the winner. The factors of a product that both depend on the input, such as a gate and what it gates, have half each; of a
 * quotient the numerator has all. Without biases and where the rule finds something to share among, it adds up to the score.
 *
 * Products: Achtibat et al., 2024, proposition 3.3. https://arxiv.org/abs/2402.05602
 *
 * Bach, Binder, Montavon, Klauschen, Müller and Samek, 2015. https://doi.org/10.1371/journal.pone.0130140
 *
 * @throws OptionError for a score with an op through which relevance would not add up, such as layer norm or softmax
 */
export function lrp<X extends Structured<X>>(score: Score<X>, options: LrpOptions = {}): (x: X) => X {
  checkArguments("lrp", { function: { score } });
  checkOptions("lrp", options, ["rules", "model", "box"]);
  const { rules = epsilonEverywhere, model, box } = options;
  if (box !== undefined && !(box[0] <= 0 && box[1] >= 0 && box[0] < box[1]))
    throw new OptionError("lrp", "box", `[${String(box)}]`, "a number up to 0 and a larger one from 0 on");
  const composite = typeof rules === "function" ? { linear: rules, convolution: rules } : rules;
  return (x) =>
    tidyLeaves(() => {
      const inputs = floatLeaves(x);
      const boxed: Boxed[] = [];
      let dependsOnInput: Dependence["has"] = () => false;
      const gradientOf = gradient((at: X) => {
        const y = score(at);
        const found = dependence(floatLeaves(at), y);
        checkRelevanceOps(found);
        dependsOnInput = found.has;
        return y;
      });
      const byOp = rulesByOp(
        box === undefined ? composite : atInput(composite, inputs, box, boxed),
        (tensor) => dependsOnInput(tensor),
      );
      const propagate = () => withGradientRules(byOp, () => gradientOf(x));
      try {
        const gradients =
          model === undefined ? propagate() : withFoldedBatchNorms(model, () => score(x), propagate);
        if (box !== undefined && boxed.length === 0)
          throw new OptionError("lrp", "box", `[${String(box)}]`, "a layer that sees the input itself");
        const multipliers = leavesAtFloats(x, gradients);
        const maps = inputs.map((input, i) =>
          boxed
            .filter((of) => of.input === input)
            .reduce((sum, { part }) => add(sum, part), mul(input, multipliers[i] ?? 0)),
        );
        return attributionOf(x, maps);
      } finally {
        for (const { part } of boxed) part.dispose();
      }
    });
}

/** The relevance that a layer gives a tensor of the input. */
interface Boxed {
  readonly input: Tensor;
  readonly part: Tensor;
}

/** The same rules, but in layers that see the input itself; what those give it is put into `boxed`. */
function atInput(
  { linear, convolution }: LrpComposite,
  inputs: readonly Tensor[],
  box: readonly [low: number, high: number],
  boxed: Boxed[],
): LrpComposite {
  const unless =
    (rule: LrpRule): LrpRule =>
    (arriving: Tensor, run: OpRun) => {
      const [seen] = Object.values(run.inputs) as [Tensor];
      const input = inputs.find(({ dataId }) => dataId === seen.dataId);
      if (input === undefined) return rule(arriving, run);
      boxed.push({ input, part: keep(reshape(boxRelevance(arriving, run, box), input.shape)) });
      return zerosLike(seen);
    };
  return { linear: unless(linear), convolution: unless(convolution) };
}

function rulesByOp(
  { linear, convolution }: LrpComposite,
  dependsOnInput: (tensor: Tensor) => boolean,
): Record<string, GradientRule> {
  const isProduct = ({ inputs }: OpRun) => Object.values(inputs).every(dependsOnInput);
  const half = (dy: Tensor, run: OpRun) => (isProduct(run) ? mul(dy, 0.5) : dy);
  const product = (rule: LrpRule): GradientRule => ({
    inputs: ["a", "b"],
    gradient: (dy, run) => (isProduct(run) ? run.ordinary(half(dy, run)) : rule(dy, run)),
    others: half,
  });
  return {
    ...Object.fromEntries(elementwiseOps.map((name) => [name, propagateRelevance("x")])),
    Pow: { ...propagateRelevance("a"), inputs: ["a", "b"] },
    Multiply: product((dy, { ordinary }) => ordinary(dy)),
    RealDiv: {
      inputs: ["a", "b"],
      gradient: (dy, { ordinary }) => ordinary(dy),
      others: (dy, run) => (isProduct(run) ? zerosLike(dy) : dy),
    },
    BatchMatMul: product(linear),
    PellucidLinear: { inputs: ["x", "weight", "bias"], gradient: linear },
    PellucidConv2d: { inputs: ["x", "filter"], gradient: convolution },
    PellucidConv2dWithBias: { inputs: ["x", "filter", "bias"], gradient: convolution },
  };
}
