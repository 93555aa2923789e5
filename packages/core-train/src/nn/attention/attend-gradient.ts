import { exp, expandDims, mul, reshape, sub, sum, type Tensor3D, type Tensor4D } from "@tensorflow/tfjs-core";
import { defineOp } from "../../op/define-op.ts";
import { matMul } from "../../op/mat-mul.ts";
import { type AttentionAttributes, type AttentionInputs, scoresOf, weighed } from "./attention-scores.ts";

/** What the gradient of attention is computed of. */
interface Inputs extends AttentionInputs {
  readonly y: Tensor4D;
  readonly denominator: Tensor3D;
  readonly dy: Tensor4D;
  readonly dDenominator: Tensor3D;
}

/**
 * The gradients of attention at query, key and value. With `p` the weights and `d` what dropout leaves of them:
 *
 *     dv = dᵀ dy,  ds = p (dy vᵀ d/p − Σ dy y),  dq = scale ds k,  dk = scale dsᵀ q
 */
export const attendGradient = defineOp({
  name: "PellucidAttentionGradient",
  caller: "scaledDotProductAttention",
  inputs: {
    query: "float32[batch, head, query, feature]",
    key: "float32[batch, group, key, feature]",
    value: "float32[batch, group, key, width]",
    bias: "float32[batch, head, query, key]",
    kept: "float32[batch, head, query, key]",
    y: "float32[batch, head, query, width]",
    denominator: "float32[batch, head, query]",
    dy: "float32[batch, head, query, width]",
    dDenominator: "float32[batch, head, query]",
  },
  reference(inputs, attributes: AttentionAttributes): [query: Tensor4D, key: Tensor4D, value: Tensor4D] {
    const { query, key, value, dy, kept } = inputs;
    const weights = weightsAgain(inputs, attributes);
    const slopes = mul<Tensor4D>(scoreSlopes(weights, inputs, attributes), attributes.scale);
    const shown = attributes.dropped ? mul<Tensor4D>(weights, kept) : weights;
    return [weighed(slopes, key), gathered(slopes, query, key), gathered(shown, dy, value)];
  },
  gradient: "reference",
});

/** The gradient at the scores, `[batch, head, query, key]`. */
export function scoreGradient(inputs: Inputs, attributes: AttentionAttributes): Tensor4D {
  return scoreSlopes(weightsAgain(inputs, attributes), inputs, attributes);
}

function weightsAgain(inputs: Inputs, attributes: AttentionAttributes): Tensor4D {
  return exp(sub(scoresOf(inputs, attributes), expandDims(inputs.denominator, 3)));
}

function scoreSlopes(
  weights: Tensor4D,
  { value, kept, y, dy, dDenominator }: Inputs,
  { dropped }: AttentionAttributes,
): Tensor4D {
  const [batch, heads, queries, features] = dy.shape;
  const [, groups, keys] = value.shape;
  const stacked: Tensor4D = reshape(dy, [batch, groups, (heads / groups) * queries, features]);
  const arriving: Tensor4D = reshape(matMul(stacked, value, false, true), [batch, heads, queries, keys]);
  const through = dropped ? mul<Tensor4D>(arriving, kept) : arriving;
  const level = sub(sum(mul(dy, y), 3, true), expandDims(dDenominator, 3)); // [batch, head, query, 1]
  return mul(weights, sub(through, level));
}

/** `weightsᵀ · x` for each group, all of its heads together: `[batch, group, key, feature]`. */
function gathered(weights: Tensor4D, x: Tensor4D, { shape: [, groups] }: Tensor4D): Tensor4D {
  const stack = ({ shape: [batch, heads, rows, columns] }: Tensor4D): [number, number, number, number] => [
    batch,
    groups,
    (heads / groups) * rows,
    columns,
  ];
  return matMul(reshape(weights, stack(weights)), reshape(x, stack(x)), true, false);
}
