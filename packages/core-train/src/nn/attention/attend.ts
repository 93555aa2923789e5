import {
  add,
  div,
  exp,
  log,
  mul,
  reshape,
  step,
  sub,
  sum,
  type Tensor3D,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import { amax } from "../../op/amax.ts";
import { defineOp } from "../../op/define-op.ts";
import { attendGradient, scoreGradient } from "./attend-gradient.ts";
import { lowest } from "./attention-mask.ts";
import { type AttentionAttributes, scoresOf, weighed } from "./attention-scores.ts";
import { totalTo } from "./total-to.ts";

/**
 * `softmax(scale q kᵀ + bias) v`. Beside it the logarithm of each softmax's denominator, `[batch, head, query]`, of which the
 * gradient makes the weights again: they are not kept. A query that may look at nothing gets zeros.
 */
export const attend = defineOp({
  name: "PellucidAttention",
  caller: "scaledDotProductAttention",
  inputs: {
    query: "float32[batch, head, query, feature]",
    key: "float32[batch, group, key, feature]",
    value: "float32[batch, group, key, width]",
    bias: "float32[batch, head, query, key]",
    kept: "float32[batch, head, query, key]",
  },
  reference(inputs, attributes: AttentionAttributes): [y: Tensor4D, denominator: Tensor3D] {
    const { weights, denominator } = normalized(scoresOf(inputs, attributes));
    const shown = attributes.dropped ? mul<Tensor4D>(weights, inputs.kept) : weights;
    const [batch, heads, queries] = inputs.query.shape;
    return [weighed(shown, inputs.value), reshape(denominator, [batch, heads, queries])];
  },
  gradient([dy, dDenominator], inputs, attributes, [y, denominator]) {
    const all = { ...inputs, y, denominator, dy, dDenominator };
    // At once, not when asked for: tfjs tidies up after each answer, and one pass gives all three.
    const [query, key, value] = attendGradient(all, attributes);
    return {
      query: () => query,
      key: () => key,
      value: () => value,
      bias: () => totalTo(scoreGradient(all, attributes), inputs.bias.shape),
    };
  },
});

/** The softmax of scores over the last axis, all 0 where every one is blocked. */
export function normalized(scores: Tensor4D): {
  readonly weights: Tensor4D;
  /** The logarithm of what the weights were divided by, `[batch, head, query, 1]`; 0 where all are blocked. */
  readonly denominator: Tensor4D;
} {
  const largest = amax<Tensor4D>(scores, 3, true);
  const alive = step(sub<Tensor4D>(largest, lowest)); // [batch, head, query, 1]
  const shares = mul<Tensor4D>(exp(sub(scores, largest)), alive);
  const total = add<Tensor4D>(sum(shares, 3, true), sub(1, alive));
  return { weights: div(shares, total), denominator: mul(add(largest, log(total)), alive) };
}
