import {
  abs,
  div,
  equal,
  expandDims,
  max,
  mul,
  notEqual,
  onesLike,
  pow,
  sign,
  sqrt,
  square,
  sub,
  sum,
  add,
  type Tensor,
  tidy,
  where,
} from "@tensorflow/tfjs-core";
import { defineOp } from "./define-op.ts";
import { OptionError } from "../option-error.ts";
import { checkShape } from "../shape-error.ts";

export interface PairwiseDistanceOptions {
  /** The norm: 2 is Euclid's, 1 the sum, Infinity the largest difference. Default: 2. */
  readonly p?: number;
  /** What is added to each difference. Default: 1e-6. */
  readonly eps?: number;
}

/** `(Σ |x|^p)^(1/p)` over the last axis, with slope 0 at 0. */
const norm = defineOp<{ x: Tensor }, { p: number }, Tensor>({
  name: "PellucidNorm",
  inputs: ["x"],
  reference: ({ x }, { p }) => {
    if (p === 1) return sum(abs(x), -1);
    if (p === 2) return sqrt(sum(square(x), -1));
    if (p === Infinity) return max(abs(x), -1);
    return pow(sum(pow(abs(x), p), -1), 1 / p);
  },
  gradient: (dy, { x }, { p }, y) => ({
    x: () => {
      const slope = expandDims(dy, -1); //                                              […, 1]
      if (p === 1) return mul(slope, sign(x)); //                                       […, feature]
      const length = expandDims(y, -1); //                                              […, 1]
      if (p === Infinity) {
        const largest = equal(abs(x), length); //                                       […, feature]
        return mul(sign(x), where(largest, div(slope, sum(largest, -1, true)), 0)); //  […, feature]
      }
      const isNonzero = notEqual(x, 0); //                                              […, feature]
      const share = div(x, where(notEqual(length, 0), length, onesLike(length))); //    […, feature]
      if (p === 2) return mul(slope, share);
      const size = where(isNonzero, abs(share), onesLike(share)); //                    […, feature]
      return mul(slope, mul(sign(x), pow(size, p - 1))); //                             […, feature]
    },
  }),
});

/**
 * The distances between the vectors of two lists, row by row, PyTorch's `pairwise_distance`: `‖x₁ − x₂ + ε‖_p`.
 *
 * @param x1 `[…, feature]`
 * @param x2 `[…, feature]`, of the same shape; PyTorch broadcasts it
 * @returns `[…]`
 */
export function pairwiseDistance(x1: Tensor, x2: Tensor, options: PairwiseDistanceOptions = {}): Tensor {
  const { p = 2, eps = 1e-6 } = options;
  checkShape("pairwiseDistance", "x1", x1, ["...", "feature"]);
  checkShape("pairwiseDistance", "x2", x2, x1.shape);
  if (!(p > 0)) throw new OptionError("pairwiseDistance", "p", p, "a number above 0");
  return tidy(() => norm({ x: add(sub(x1, x2), eps) }, { p }));
}
