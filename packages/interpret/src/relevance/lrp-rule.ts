import { minimum, type OpRun } from "@pellucid/core-train";
import {
  add,
  div,
  equal,
  greaterEqual,
  mul,
  relu,
  sub,
  type Tensor,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";

/**
 * How the relevance of a linear layer's outputs goes to its inputs, written as a gradient: relevance is input times gradient, so
 * what arrives at output `j` is `R_j / z_j`, and what leaves for input `i` is `R_i / x_i`.
 *
 * @param arriving of the output's shape
 * @param run the layer, whose inputs are `x`, a weight and perhaps a bias
 * @returns of the shape of `x`
 */
export type LrpRule = (arriving: Tensor, run: OpRun) => Tensor;

/** `R_i = Σ_j x_i w_ij / (z_j + ε sign z_j) R_j`. Bach et al., 2015, equation 58. https://doi.org/10.1371/journal.pone.0130140 */
export function lrpEpsilon(epsilon = 1e-6): LrpRule {
  return (arriving, { output, ordinary }) => ordinary(quotient(mul(arriving, output), output, epsilon));
}

/**
 * What argues for the output counts `γ` more: `w + γ w⁺` in place of `w`. For negative inputs and outputs the signs are turned, so
 * that it is again what argues for the output.
 *
 * Montavon et al., 2019, section 10.2.1. https://doi.org/10.1007/978-3-030-28954-6_10
 */
export function lrpGamma(gamma = 0.25): LrpRule {
  return (arriving, run) => {
    const relevance = mul(arriving, run.output);
    const lifted = (part: Part) => weighted(run, (w) => add(w, mul(part(w), gamma)));
    const [up, down] = [lifted(positive), lifted(negative)];
    const high = forward(run, up, down); // where the output is positive
    const low = forward(run, down, up);
    const isHigh = greaterEqual(run.output, 0);
    const none = zerosLike(relevance);
    const above = quotient(where(isHigh, relevance, none), high, tiny);
    const below = quotient(where(isHigh, none, relevance), low, tiny);
    const at = x(run);
    const forPositive = add(back(run, up, above), back(run, down, below));
    const forNegative = add(back(run, down, above), back(run, up, below));
    return where(greaterEqual(at, 0), forPositive, forNegative);
  };
}

/**
 * Only what argues for the output: `z⁺`, the rule with `α` 1 and `β` 0.
 *
 * Montavon et al., 2017. https://arxiv.org/abs/1512.02479
 */
export function lrpZPlus(): LrpRule {
  return lrpAlphaBeta(1, 0);
}

/**
 * What argues for the output times `α`, minus what argues against it times `β`; `α − β = 1`. Where one of them is missing the other
 * has the whole, so that nothing is made from nothing.
 *
 * Bach et al., 2015, equation 60.
 */
export function lrpAlphaBeta(alpha = 2, beta = 1): LrpRule {
  return (arriving, run) => {
    const relevance = mul(arriving, run.output);
    const [plus, minus] = [weighted(run, positive), weighted(run, negative)];
    const arguing = forward(run, plus, minus); //      Σ x⁺w⁺ + x⁻w⁻ + b⁺
    const against = forward(run, minus, plus); //      Σ x⁺w⁻ + x⁻w⁺ + b⁻
    const none = zerosLike(relevance);
    const one = add(none, 1);
    const forShare = where(equal(against, 0), one, where(equal(arguing, 0), none, mul(one, alpha)));
    const againstShare = where(equal(arguing, 0), one, where(equal(against, 0), none, mul(one, -beta)));
    const above = quotient(mul(relevance, forShare), arguing, tiny);
    const below = quotient(mul(relevance, againstShare), against, tiny);
    const at = x(run);
    const forPositive = add(back(run, plus, above), back(run, minus, below));
    const forNegative = add(back(run, minus, above), back(run, plus, below));
    return where(greaterEqual(at, 0), forPositive, forNegative);
  };
}

/**
 * How relevance comes to the input itself, whose numbers lie between `low` and `high`, so that what is 0 can have some too:
 * `R_i = Σ_j (x_i w_ij − low w⁺_ij − high w⁻_ij) / Σ_i (the same) · R_j`. A bias has no part in it.
 *
 * Montavon et al., 2017, section 5.1. https://arxiv.org/abs/1512.02479
 *
 * @returns relevance, of the shape of `x`: unlike an {@link LrpRule}, not a gradient
 */
export function boxRelevance(
  arriving: Tensor,
  run: OpRun,
  [low, high]: readonly [low: number, high: number],
): Tensor {
  const at = x(run);
  const [name = ""] = Object.keys(run.inputs);
  const filled = (value: number) => add(zerosLike(at), value);
  const [plus, minus] = [weighted(run, positive), weighted(run, negative)];
  const least = add(
    run.again({ ...plus, [name]: filled(low) }),
    run.again({ ...minus, [name]: filled(high) }),
  );
  const share = quotient(mul(arriving, run.output), sub(run.output, least), tiny);
  const most = add(mul(back(run, plus, share), low), mul(back(run, minus, share), high));
  return sub(mul(at, back(run, run.inputs, share)), most);
}

const tiny = 1e-9;

type Inputs = OpRun["inputs"];
type Part = (x: Tensor) => Tensor;

const positive: Part = (x) => relu(x);
const negative: Part = (x) => minimum(x, zerosLike(x));

const x = ({ inputs }: OpRun): Tensor => Object.values(inputs)[0] as Tensor;

/** The inputs with everything but `x` changed by `part`. */
function weighted({ inputs }: OpRun, part: Part): Inputs {
  const [first, ...others] = Object.entries(inputs);
  return Object.fromEntries([
    first as [string, Tensor],
    ...others.map(([name, w]) => [name, part(w)] as const),
  ]);
}

/** Positive inputs through one set of weights, with its bias, negative ones through the other, without. */
function forward(run: OpRun, forPositive: Inputs, forNegative: Inputs): Tensor {
  const [name = ""] = Object.keys(run.inputs);
  const at = x(run);
  const unbiased =
    "bias" in forNegative ? { ...forNegative, bias: zerosLike(forNegative["bias"] as Tensor) } : forNegative;
  return add(
    run.again({ ...forPositive, [name]: positive(at) }),
    run.again({ ...unbiased, [name]: negative(at) }),
  );
}

function back(run: OpRun, weights: Inputs, arriving: Tensor): Tensor {
  return run.ordinary(arriving, weights);
}

/** `a / (b + ε sign b)`, and 0 where both are 0. */
function quotient(a: Tensor, b: Tensor, epsilon: number): Tensor {
  const safe = where(greaterEqual(b, 0), add(b, epsilon), sub(b, epsilon));
  return div(a, safe);
}
