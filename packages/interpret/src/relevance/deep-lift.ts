import {
  abs,
  checkArguments,
  checkOptions,
  gradient,
  type GradientRule,
  leaves,
  mapLeaves,
  maximum,
  ShapeError,
  type Structured,
  tidyLeaves,
  withGradientRules,
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
  where,
} from "@tensorflow/tfjs-core";
import { activationOps } from "./activation-ops.ts";
import { type Baseline, baselineLeaves } from "../score/baseline.ts";
import { attributionOf, floatLeaves, leavesAtFloats, withFloats } from "../score/float-leaves.ts";
import type { Score } from "../score/score.ts";

/** Below this difference of inputs, an activation's multiplier is its derivative: the quotient would be noise. */
const small = 1e-6;

/** Options for {@link deepLift}. */
export interface DeepLiftOptions<X = Tensor> {
  /** Default: 0. */
  readonly baseline?: Baseline<X>;
}

/**
 * Differences from a baseline, carried back: through an activation by `Δout / Δin` instead of its derivative (the rescale rule), through
 * linear layers as a gradient. It adds up to `score(x) − score(x0)`, also where the derivative is 0, in any net of linear layers,
 * activations and max-pools; see {@link completenessDelta}. Products of two things that depend on the input go by their gradient.
 *
 * The input may be a structure whose tensors have the examples along their first axis, such as an image with a time: its floats are compared with
 * the baseline's, its other tensors are the same at the baseline.
 *
 * Shrikumar, Greenside and Kundaje, 2017, section 3.5.1. https://arxiv.org/abs/1704.02685
 *
 * @throws {ShapeError} If a tensor of a structure has another number of examples, as the indices of a graph.
 */
export function deepLift<X extends Structured<X>>(
  score: Score<X>,
  options: DeepLiftOptions<X> = {},
): (x: X) => X {
  checkArguments("deepLift", { function: { score } });
  checkOptions("deepLift", options, ["baseline"]);
  const { baseline = 0 } = options;
  return (x) =>
    tidyLeaves(() => {
      const batch = examplesOf(x);
      const starts = baselineLeaves("deepLift", x, baseline);
      const start = leaves(withFloats(x, starts));
      const both = mapLeaves(x, (leaf, i) => concat([leaf, start[i] ?? leaf], 0)); // [2 batch, …], the baselines after the inputs
      const gradientOf = gradient((at: X) => slice(score(at), 0, batch));
      const gradients = withGradientRules(rules, () => gradientOf(both));
      const multipliers = leavesAtFloats(x, gradients).map((of) => slice(of, 0, batch));
      const maps = floatLeaves(x).map((own, i) => mul(sub(own, starts[i] ?? own), multipliers[i] ?? 0));
      return attributionOf(x, maps);
    });
}

/** How many examples all tensors of an input have. */
function examplesOf(x: unknown): number {
  const shapes = leaves(x).map(({ shape }) => shape);
  const batch = shapes[0]?.[0];
  if (batch !== undefined && shapes.every(([examples]) => examples === batch)) return batch;
  const found = shapes.map((shape) => `[${shape.join(", ")}]`).join(" and ");
  throw new ShapeError(
    `deepLift: the input has ${found}, expected the examples along the first axis of all.`,
  );
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
