import {
  abs,
  checkArguments,
  checkNotNegative,
  checkOptions,
  checkPositive,
  checkShape,
  clamp,
  maximum,
} from "@pellucid/core-train";
import {
  add,
  cast,
  div,
  exp,
  greater,
  mean,
  mul,
  neg,
  sqrt,
  square,
  sub,
  sum,
  type Scalar,
  type Tensor1D,
  tidy,
} from "@tensorflow/tfjs-core";

/** What the current networks say about the actions of a minibatch. */
export interface PpoNow {
  /** `[batch]` */
  readonly logProb: Tensor1D;
  /** `[batch]` */
  readonly entropy: Tensor1D;
  /** `[batch]` */
  readonly values: Tensor1D;
}

/** What was noted when the actions were taken. */
export interface PpoThen {
  readonly logProb: Tensor1D;
  readonly values: Tensor1D;
  readonly advantages: Tensor1D;
  readonly returns: Tensor1D;
}

/** Options for {@link ppoLoss}. */
export interface PpoLossOptions {
  /** How far the ratio of probabilities may be from 1. Default: 0.2. */
  readonly clip?: number;
  /** How far a value may move, or `null` for no limit. Default: 0.2. */
  readonly valueClip?: number | null;
  /** The weight of the entropy. Default: 0.01. */
  readonly entropyCoef?: number;
  /** The weight of the value loss. Default: 0.5. */
  readonly valueCoef?: number;
  /** Whether the advantages of the minibatch are scaled to mean 0 and sample deviation 1; a single one stays as it is. Default: true. */
  readonly normalizeAdvantages?: boolean;
}

/** The loss and its parts, one number each. */
export interface PpoLoss {
  /** `policyLoss − entropyCoef · entropy + valueCoef · valueLoss` */
  readonly loss: Scalar;
  readonly policyLoss: Scalar;
  readonly valueLoss: Scalar;
  readonly entropy: Scalar;
  /** `mean(ratio − 1 − log ratio)`, never negative. http://joschu.net/blog/kl-approx.html */
  readonly approxKl: Scalar;
  /** `mean(−log ratio)` */
  readonly oldApproxKl: Scalar;
  /** How many of the ratios are further from 1 than `clip`. */
  readonly clipFraction: Scalar;
}

/**
 * The clipped surrogate loss of proximal policy optimization: `mean(max(−A ρ, −A clip(ρ, 1 − ε, 1 + ε)))` with `ρ = exp(logProb − logProb_old)`, less the entropy, and
 * `½ mean(max((V − R)², (V_old + clip(V − V_old, ±ε) − R)²))` for the values. CleanRL's numbers.
 *
 * Schulman et al., 2017. https://arxiv.org/abs/1707.06347
 *
 * @throws ShapeError unless all are `[batch]`
 */
export function ppoLoss(now: PpoNow, before: PpoThen, options: PpoLossOptions = {}): PpoLoss {
  checkArguments("ppoLoss", {
    "{ logProb, entropy, values }": { now },
    "{ logProb, advantages, returns, values }": { before },
  });
  checkOptions("ppoLoss", options, ["clip", "valueClip", "entropyCoef", "valueCoef", "normalizeAdvantages"]);
  const {
    clip = 0.2,
    valueClip = 0.2,
    entropyCoef = 0.01,
    valueCoef = 0.5,
    normalizeAdvantages = true,
  } = options;
  checkPositive("ppoLoss", { clip, ...(valueClip === null ? {} : { valueClip }) });
  checkNotNegative("ppoLoss", { entropyCoef, valueCoef });
  for (const [name, x] of Object.entries({
    ...before,
    nowLogProb: now.logProb,
    entropy: now.entropy,
    nowValues: now.values,
  }))
    checkShape("ppoLoss", name, x, [before.logProb.shape[0] ?? 0]);
  return tidy(() => {
    const advantages = normalizeAdvantages ? normalized(before.advantages) : before.advantages; // [batch]
    const logRatio = sub(now.logProb, before.logProb); //                                        [batch]
    const ratio = exp(logRatio);
    const clipped = clamp(ratio, 1 - clip, 1 + clip);
    const policyLoss = mean<Scalar>(maximum(neg(mul(advantages, ratio)), neg(mul(advantages, clipped))));
    const valueLoss = valueLossOf(now.values, before, valueClip);
    const entropy = mean<Scalar>(now.entropy);
    const loss = add<Scalar>(sub(policyLoss, mul(entropyCoef, entropy)), mul(valueCoef, valueLoss));
    const approxKl = mean<Scalar>(sub(sub(ratio, 1), logRatio));
    const clipFraction = mean<Scalar>(cast(greater(abs(sub(ratio, 1)), clip), "float32"));
    return {
      loss,
      policyLoss,
      valueLoss,
      entropy,
      approxKl,
      oldApproxKl: mean<Scalar>(neg(logRatio)),
      clipFraction,
    };
  });
}

function valueLossOf(
  values: Tensor1D,
  { values: before, returns }: PpoThen,
  valueClip: number | null,
): Scalar {
  const plain = square(sub(values, returns)); // [batch]
  if (valueClip === null) return mul(0.5, mean<Scalar>(plain));
  const near = add(before, clamp(sub(values, before), -valueClip, valueClip));
  return mul(0.5, mean<Scalar>(maximum(plain, square(sub(near, returns)))));
}

function normalized(x: Tensor1D): Tensor1D {
  const { size } = x;
  if (size < 2) return x;
  const centered = sub<Tensor1D>(x, mean(x));
  return div(centered, add(sqrt(div(sum(square(centered)), size - 1)), 1e-8));
}
