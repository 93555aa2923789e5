import {
  abs,
  gradient,
  type GradientRule,
  maximum,
  withGradientRules,
  sizeAlong,
} from "@pellucid/core-train";
import {
  add,
  concat,
  div,
  less,
  mul,
  onesLike,
  slice,
  split,
  sub,
  type Tensor,
  tidy,
  where,
} from "@tensorflow/tfjs-core";
import { activationOps } from "./activation-ops.ts";
import { type Baseline, baselineLike } from "../score/baseline.ts";
import type { Score } from "../score/score.ts";

/** Below this difference of inputs, an activation's multiplier is its derivative: the quotient would be noise. */
const small = 1e-6;

/** Options for {@link deepLift}. */
export interface DeepLiftOptions {
  /** Default: 0. */
  readonly baseline?: Baseline;
}

/**
 * Differences from a baseline, carried back: through an activation by `Δout / Δin` instead of its derivative (the rescale rule), through
 * linear layers as a gradient. It adds up to `score(x) − score(x0)`, also where the derivative is 0, in any net of linear layers,
 * activations and max-pools; see {@link completenessDelta}. Products of two things that depend on the input go by their gradient.
 *
 * Shrikumar, Greenside and Kundaje, 2017, section 3.5.1. https://arxiv.org/abs/1704.02685
 */
export function deepLift<X extends Tensor>(
  score: Score<X>,
  { baseline = 0 }: DeepLiftOptions = {},
): (x: X) => X {
  return (x) =>
    tidy(() => {
      const batch = sizeAlong(x, 0);
      const start = baselineLike("deepLift", x, baseline);
      const both = concat([x, start], 0) as X; // [2 batch, …], the baselines after the inputs
      const gradientOf = gradient((at: X) => slice(score(at), 0, batch));
      const [multipliers] = split(
        withGradientRules(rules, () => gradientOf(both)),
        2,
        0,
      ) as [X, X];
      return mul<X>(sub(x, start), multipliers);
    });
}

const rescale: GradientRule = {
  inputs: ["x"],
  gradient: (dy, { inputs, output, ordinary }) => {
    const [change, repeated] = difference(inputs["x"] as Tensor);
    const [outChange] = difference(output);
    const flat = less(abs(change), small);
    const quotient = div(outChange, where(flat, onesLike(change), change));
    const derivative = ordinary(onesLike(dy));
    return mul(dy, where(less(abs(repeated), small), derivative, twice(quotient)));
  },
};

/** The winner of a window may be another one at the baseline, so the difference is in two parts: Δout = (max − out0) + (out − max). */
const winners: GradientRule = {
  inputs: ["x"],
  gradient: (dy, { inputs, output, ordinary }) => {
    const [change] = difference(inputs["x"] as Tensor);
    const [out, out0] = split(output, 2, 0) as [Tensor, Tensor];
    const [arriving] = split(dy, 2, 0) as [Tensor, Tensor];
    const highest = maximum(out, out0);
    const parts = concat([mul(arriving, sub(highest, out0)), mul(arriving, sub(out, highest))], 0);
    const [here, there] = split(ordinary(parts), 2, 0) as [Tensor, Tensor];
    const [derivative] = split(ordinary(dy), 2, 0) as [Tensor, Tensor];
    const flat = less(abs(change), small);
    const multiplied = div(add(here, there), where(flat, onesLike(change), change));
    return twice(where(flat, derivative, multiplied));
  },
};

const rules = Object.fromEntries([
  ...activationOps.map((name) => [name, rescale] as const),
  ...["PellucidMaxPool2d", "PellucidDilatedMaxPool2d", "MaxPool"].map((name) => [name, winners] as const),
]);

/** Input minus baseline: `[batch, …]`, and once more as `[2 batch, …]`. */
function difference(both: Tensor): [once: Tensor, repeated: Tensor] {
  const [x, x0] = split(both, 2, 0) as [Tensor, Tensor];
  const change = sub(x, x0);
  return [change, twice(change)];
}

function twice(x: Tensor): Tensor {
  return concat([x, x], 0);
}
