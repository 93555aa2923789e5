import {
  add,
  div,
  exp,
  expandDims,
  log,
  mul,
  range,
  reshape,
  step,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import { amax } from "../../op/amax.ts";
import { defineOp } from "../../op/define-op.ts";
import { matMul } from "../../op/mat-mul.ts";
import { sumTo } from "../../op/sum-to.ts";
import { blocked, lowest } from "./attention-mask.ts";

/** The inputs of {@link attend}. */
export interface AttentionInputs extends Record<string, Tensor> {
  /** `[batch, head, query, feature]` */
  readonly query: Tensor4D;
  /** `[batch, group, key, feature]`, with the same number of heads in each group */
  readonly key: Tensor4D;
  /** `[batch, group, key, width]` */
  readonly value: Tensor4D;
  /** Added to the scores: `[batch, head, query, key]`, or ones where it broadcasts. */
  readonly bias: Tensor4D;
  /** The dropout mask of the weights, which broadcasts like `bias`. */
  readonly dropoutMask: Tensor4D;
}

/** The attributes of {@link attend}. */
export interface AttentionAttributes {
  readonly scale: number;
  /** The position of the first query among the keys in causal attention, otherwise `null`. */
  readonly offset: number | null;
  /** Whether there is a bias. Without one it is `[1, 1, 1, 1]` and not read. */
  readonly biased: boolean;
  /** Whether there is a dropout mask. Without one it is `[1, 1, 1, 1]` and not read. */
  readonly dropped: boolean;
}

const inputs = {
  query: "float32[batch, head, query, feature]",
  key: "float32[batch, group, key, feature]",
  value: "float32[batch, group, key, width]",
  bias: "float32[batch, head, query, key]",
  dropoutMask: "float32[batch, head, query, key]",
} as const;

/**
 * `softmax(scale q kᵀ + bias) v`, and the logarithm of the denominator of each softmax, `[batch, head, query]`. From it the gradient
 * recomputes the attention weights, so that they are not kept in memory. A query whose keys are all blocked gets zeros.
 */
export const attend = defineOp({
  name: "PellucidAttention",
  caller: "scaledDotProductAttention",
  inputs,
  reference(tensors, attributes: AttentionAttributes): [y: Tensor4D, denominator: Tensor3D] {
    const { weights, denominator } = softmax(scoresOf(tensors, attributes));
    const [batch, heads, queries] = tensors.query.shape;
    return [weigh(weights, tensors, attributes), reshape(denominator, [batch, heads, queries])];
  },
  gradient([dy, dDenominator], tensors, attributes, [y, denominator]) {
    const all = { ...tensors, y, denominator, dy, dDenominator };
    // computed here, not in the functions below: tfjs disposes of their intermediate tensors, and one pass computes all three
    const [query, key, value] = attendGradient(all, attributes);
    return {
      query: () => query,
      key: () => key,
      value: () => value,
      bias: () =>
        sumTo(scoreGradient(attentionWeightsAgain(all, attributes), all, attributes), tensors.bias.shape),
    };
  },
});

/** The attention weights of {@link attend} before dropout, `[batch, head, query, key]`. */
export function attentionWeights(tensors: AttentionInputs, attributes: AttentionAttributes): Tensor4D {
  return softmax(scoresOf(tensors, attributes)).weights;
}

/** The output of {@link attend} for given attention weights: `[batch, head, query, width]`. */
export function weigh(
  weights: Tensor4D,
  { value, dropoutMask }: Pick<AttentionInputs, "value" | "dropoutMask">,
  { dropped }: AttentionAttributes,
): Tensor4D {
  return perGroup(dropped ? mul(weights, dropoutMask) : weights, value, (w, v) => matMul(w, v));
}

/** The inputs of the gradient of {@link attend}. */
interface GradientInputs extends AttentionInputs {
  readonly y: Tensor4D;
  readonly denominator: Tensor3D;
  readonly dy: Tensor4D;
  readonly dDenominator: Tensor3D;
}

/**
 * The gradients of attention at query, key and value. With `p` the attention weights and `d` those after dropout:
 *
 *     dv = dᵀ dy,  ds = p (dy vᵀ d/p − Σ dy y),  dq = scale ds k,  dk = scale dsᵀ q
 */
export const attendGradient = defineOp({
  name: "PellucidAttentionGradient",
  caller: "scaledDotProductAttention",
  inputs: {
    ...inputs,
    y: "float32[batch, head, query, width]",
    denominator: "float32[batch, head, query]",
    dy: "float32[batch, head, query, width]",
    dDenominator: "float32[batch, head, query]",
  },
  reference(tensors, attributes: AttentionAttributes): [query: Tensor4D, key: Tensor4D, value: Tensor4D] {
    const { query, key, dy, dropoutMask } = tensors;
    const groups = key.shape[1];
    const weights = attentionWeightsAgain(tensors, attributes);
    const dScores = mul<Tensor4D>(scoreGradient(weights, tensors, attributes), attributes.scale);
    const dropped = attributes.dropped ? mul<Tensor4D>(weights, dropoutMask) : weights;
    return [
      perGroup(dScores, key, (s, k) => matMul(s, k)),
      matMul(stackHeads(dScores, groups), stackHeads(query, groups), true, false),
      matMul(stackHeads(dropped, groups), stackHeads(dy, groups), true, false),
    ];
  },
  gradient: "reference",
});

/** The attention weights, from the denominators. */
function attentionWeightsAgain(tensors: GradientInputs, attributes: AttentionAttributes): Tensor4D {
  return exp(sub(scoresOf(tensors, attributes), expandDims(tensors.denominator, 3)));
}

/** The gradient at the scores, `[batch, head, query, key]`. */
function scoreGradient(
  weights: Tensor4D,
  { value, dropoutMask, y, dy, dDenominator }: GradientInputs,
  { dropped }: AttentionAttributes,
): Tensor4D {
  const dDropped = perGroup(dy, value, (d, v) => matMul(d, v, false, true));
  const dWeights = dropped ? mul<Tensor4D>(dDropped, dropoutMask) : dDropped;
  const mean = sub(sum(mul(dy, y), 3, true), expandDims(dDenominator, 3)); // [batch, head, query, 1]
  return mul(weights, sub(dWeights, mean));
}

/** `scale q kᵀ + bias`, with the causal mask: `[batch, head, query, key]`. */
function scoresOf(
  { query, key, bias }: Pick<AttentionInputs, "query" | "key" | "bias">,
  { scale, offset, biased }: AttentionAttributes,
): Tensor4D {
  let scores: Tensor4D = mul(
    perGroup(query, key, (q, k) => matMul(q, k, false, true)),
    scale,
  );
  if (biased) scores = add(scores, bias);
  return offset === null ? scores : add(scores, future(query.shape[2], key.shape[2], offset));
}

/** The softmax of scores over the last axis, 0 where all scores of a query are blocked. */
function softmax(scores: Tensor4D): {
  readonly weights: Tensor4D;
  /** The logarithm of the denominator, `[batch, head, query, 1]`; 0 where all scores are blocked. */
  readonly denominator: Tensor4D;
} {
  const largest = amax<Tensor4D>(scores, 3, true);
  const isOpen = step(sub<Tensor4D>(largest, lowest)); // [batch, head, query, 1]
  const shares = mul<Tensor4D>(exp(sub(scores, largest)), isOpen);
  const total = add<Tensor4D>(sum(shares, 3, true), sub(1, isOpen));
  return { weights: div(shares, total), denominator: mul(add(largest, log(total)), isOpen) };
}

/** A product in which the heads of a group, stacked on each other, share the right side. */
function perGroup(
  left: Tensor4D,
  right: Tensor4D,
  product: (left: Tensor4D, right: Tensor4D) => Tensor4D,
): Tensor4D {
  const [batch, heads, rows] = left.shape;
  if (right.shape[1] === heads) return product(left, right);
  const y = product(stackHeads(left, right.shape[1]), right);
  return reshape(y, [batch, heads, rows, y.shape[3]]);
}

/** `[batch, head, row, column]` -> `[batch, group, head / group · row, column]` */
function stackHeads(x: Tensor4D, groups: number): Tensor4D {
  const [batch, heads, rows, columns] = x.shape;
  return reshape(x, [batch, groups, (heads / groups) * rows, columns]);
}

/** `blocked` where a key comes after the position of the query, otherwise 0: `[query, key]`. */
function future(queries: number, keys: number, offset: number): Tensor2D {
  const own = expandDims(range(offset, offset + queries), 1); // [query, 1]
  return mul(step(sub<Tensor2D>(expandDims(range(0, keys), 0), own)), blocked);
}
