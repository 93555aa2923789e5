import {
  add,
  expandDims,
  mul,
  range,
  reshape,
  step,
  sub,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import { matMul } from "../../op/mat-mul.ts";
import { blocked } from "./attention-mask.ts";

/** What attention is computed of. */
export interface ScoredInputs extends Record<string, Tensor> {
  /** `[batch, head, query, feature]` */
  readonly query: Tensor4D;
  /** `[batch, group, key, feature]`, with a whole number of heads per group */
  readonly key: Tensor4D;
  /** Added to the scores: `[batch, head, query, key]`, or ones where it broadcasts. */
  readonly bias: Tensor4D;
}

/** {@link ScoredInputs}, and what is weighed. */
export interface AttentionInputs extends ScoredInputs {
  /** `[batch, group, key, feature]` */
  readonly value: Tensor4D;
  /** What the weights are multiplied by, as `bias` broadcasts: 0 where dropout drops. */
  readonly kept: Tensor4D;
}

/** How attention is computed. */
export interface AttentionAttributes {
  readonly scale: number;
  /** How many keys the first query may look at beside its own, where none may look ahead; `null` where all may look at all. */
  readonly past: number | null;
  /** Whether there is a bias; else it is `[1, 1, 1, 1]` and not looked at. */
  readonly biased: boolean;
  /** Whether some weights are dropped; else `kept` is `[1, 1, 1, 1]` and not looked at. */
  readonly dropped: boolean;
}

/** `scale q kᵀ + bias`, far below all others where a query may not look: `[batch, head, query, key]`. */
export function scoresOf({ query, key, bias }: ScoredInputs, attributes: AttentionAttributes): Tensor4D {
  const { scale, past, biased } = attributes;
  const products = byGroup(query, key, (q, k) => matMul<Tensor4D>(q, k, false, true));
  let scores: Tensor4D = mul(products, scale);
  if (biased) scores = add(scores, bias);
  return past === null ? scores : add(scores, future(query.shape[2], key.shape[2], past));
}

/** `weights · x` for each query's head, `x` of the groups: `[batch, head, query, feature]`. */
export function weighed(weights: Tensor4D, x: Tensor4D): Tensor4D {
  return byGroup(weights, x, (w, v) => matMul<Tensor4D>(w, v));
}

/** The heads of a group one below the other, so that one product serves them all. */
function byGroup(
  left: Tensor4D,
  right: Tensor4D,
  product: (left: Tensor4D, right: Tensor4D) => Tensor4D,
): Tensor4D {
  const [batch, heads, rows, columns] = left.shape;
  const groups = right.shape[1];
  if (groups === heads) return product(left, right);
  const stacked: Tensor4D = reshape(left, [batch, groups, (heads / groups) * rows, columns]);
  const y = product(stacked, right);
  return reshape(y, [batch, heads, rows, y.shape[3]]);
}

/** `blocked` where a key comes after the query's own place, else 0. */
function future(queries: number, keys: number, past: number): Tensor2D {
  const own = expandDims(range(past, past + queries), 1); // [query, 1]
  return mul(step(sub<Tensor2D>(expandDims(range(0, keys), 0), own)), blocked); // [query, key]
}
