import { sum, type Tensor1D, type Tensor2D, type Tensor3D } from "@tensorflow/tfjs-core";

/** Sums each table over its rows: `[batch, row, column]` -> `[batch, column]`. */
export function columnSum(x: Tensor3D): Tensor2D {
  return sum(x, 1);
}

/** {@link columnSum} of one table: `[row, column]` -> `[column]`. */
export function columnTotal(x: Tensor2D): Tensor1D {
  return sum(x, 0);
}
