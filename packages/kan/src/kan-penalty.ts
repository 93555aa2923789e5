import { abs, checkArguments, checkNotNegative, checkOptions } from "@pellucid/core-train";
import {
  add,
  div,
  expandDims,
  log,
  mean,
  mul,
  neg,
  type Scalar,
  scalar,
  slice,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tidy,
} from "@tensorflow/tfjs-core";
import { edgeActivations } from "./edge-activations.ts";
import type { KAN } from "./kan.ts";
import { stdOf } from "./std-of.ts";

/** Options for {@link kanPenalty}. */
export interface KanPenaltyOptions {
  /** The weight of the sizes of edges. Default: 1. */
  readonly lambL1?: number;
  /** The weight of the entropy of the edges of each node. Default: 2. */
  readonly lambEntropy?: number;
  /** The weight of the sizes of coefficients. Default: 0. */
  readonly lambCoef?: number;
  /** The weight of the differences between neighboring coefficients. Default: 0. */
  readonly lambCoefdiff?: number;
}

/**
 * What to add to a loss, times a small factor, so that few edges are used:
 *
 *     s[o, i] = std(spline edge) / (std(input) + 0.1)
 *     Σ over layers of lambL1 · Σ s + lambEntropy · (entropy of rows + entropy of columns)
 *
 * Liu et al., 2024, section 2.5.1; the numbers are those of pykan's `reg("edge_forward_spline_n", …)`.
 *
 * @param x two examples or more, `[batch, in]`
 */
export function kanPenalty(model: KAN, x: Tensor2D, options: KanPenaltyOptions = {}): Scalar {
  checkArguments("kanPenalty", { "{ actFun, symbolicFun }": { model }, tensor: { x } });
  checkOptions("kanPenalty", options, ["lambL1", "lambEntropy", "lambCoef", "lambCoefdiff"]);
  const { lambL1 = 1, lambEntropy = 2, lambCoef = 0, lambCoefdiff = 0 } = options;
  checkNotNegative("kanPenalty", { lambL1, lambEntropy, lambCoef, lambCoefdiff });
  return tidy(() => {
    const edges = edgeActivations(model, x).map(({ inputs, splines }) => {
      const sizes: Tensor2D = div(stdOf(splines), add(expandDims(stdOf(inputs), 1), 0.1)); // [in, out]
      const entropy = add(entropyOf(sizes, 1), entropyOf(sizes, 0));
      return add(mul(lambL1, sum(sizes)), mul(lambEntropy, entropy));
    });
    const coefs = model.actFun.map(({ coef }) => {
      const count = coef.shape[1] - 1;
      const part = (from: number): Tensor3D => slice(coef, [0, from, 0], [-1, count, -1]);
      const size = (c: Tensor3D) => sum(mean(abs(c), 2)); // over outputs
      return add(mul(lambCoef, size(coef)), mul(lambCoefdiff, size(sub(part(1), part(0)))));
    });
    return [...edges, ...coefs].reduce((total, each) => add(total, each), scalar(0)) as Scalar;
  });
}

/** The mean entropy, in bits, of the shares that a node's edges have. */
function entropyOf(sizes: Tensor2D, axis: 0 | 1): Tensor {
  const shares = div(sizes, add(sum(sizes, axis, true), 1));
  return neg(mean(sum(mul(shares, div(log(add(shares, 1e-4)), Math.LN2)), axis)));
}
