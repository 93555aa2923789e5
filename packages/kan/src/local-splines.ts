import { embedding, matMul } from "@pellucid/core-train";
import {
  add,
  expandDims,
  mul,
  range,
  type Rank,
  reshape,
  scalar,
  type Tensor2D,
  type Tensor3D,
  tidy,
} from "@tensorflow/tfjs-core";
import { localBasis } from "./local-basis.ts";

/**
 * The sum over features of splines, from {@link localBasis}: each `x` reads `order + 1` rows of coefficients.
 *
 * @param coef `[feature, function, output]`
 * @returns `[batch, output]`
 */
export function localSplines(x: Tensor2D, grid: Tensor2D, coef: Tensor3D, order: number): Tensor2D {
  return tidy(() => {
    const [features, functions, outputs] = coef.shape;
    const [batch] = x.shape;
    const { values, indices } = localBasis(x, grid, order);
    const start = mul(range(0, features, 1, "int32"), scalar(functions, "int32")); // [feature]
    const flat = reshape<Rank.R2>(add(indices, expandDims(start, 1)), [batch, -1]); // [batch, feature * (order + 1)]
    const rows = embedding(flat, reshape<Rank.R2>(coef, [features * functions, outputs])); // [batch, feature * (order + 1), output]
    const weights = reshape<Rank.R3>(values, [batch, 1, -1]);
    return reshape<Rank.R2>(matMul(weights, rows), [batch, outputs]);
  });
}
