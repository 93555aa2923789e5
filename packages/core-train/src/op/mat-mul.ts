import { broadcastTo, matMul as product, reshape, squeeze, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { ShapeError } from "../shape-error.ts";
import { broadcastShape } from "./broadcast-shape.ts";
import { sizeAlong } from "./size-along.ts";
import { checkTensor } from "../check-tensor.ts";

/**
 * The matrix product over the last two axes, as `torch.matmul`. The axes before them are a batch and broadcast. A vector
 * counts as one row on the left, as one column on the right, and that axis is dropped again: two vectors give a scalar.
 *
 * @param a `[..., row, inner]`, or `[..., inner, row]` with `transposeA`, or `[inner]`
 * @param b `[..., inner, column]`, or `[..., column, inner]` with `transposeB`, or `[inner]`
 * @returns `[..., row, column]`
 * @throws ShapeError when the inner sizes differ or the batches do not broadcast
 */
export function matMul<T extends Tensor>(a: Tensor, b: Tensor, transposeA = false, transposeB = false): T {
  checkTensor("matMul", "a", a);
  checkTensor("matMul", "b", b);
  checkInner(a, b, transposeA, transposeB);
  return tidy(() => {
    if (a.rank === 1) {
      const row = matMul(reshape(a, [1, a.size]), b, false, transposeB);
      return squeeze(row, [b.rank === 1 ? 0 : row.rank - 2]);
    }
    if (b.rank === 1) return squeezeLast(matMul(a, reshape(b, [b.size, 1]), transposeA, false));
    if (b.rank === 2 && a.rank > 2 && !transposeA) {
      const rows = reshape(a, [-1, sizeAlong(a, -1)]); //                      [batch * row, inner]
      const y = product(rows, b, false, transposeB); //                                [batch * row, column]
      return reshape(y, [...a.shape.slice(0, -1), sizeAlong(y, 1)]); //           [batch, row, column]
    }
    const batch = broadcastShape("matMul", a.shape.slice(0, -2), b.shape.slice(0, -2));
    if (isOne(a) || isOne(b)) return product(a, b, transposeA, transposeB);
    // Where both have batches and one broadcasts, tfjs' own kernels on CPU and WebGPU are wrong.
    return product(stretch(a, batch), stretch(b, batch), transposeA, transposeB);
  }) as T;
}

/** Whether there is one matrix, in a batch or not. */
function isOne({ shape }: Tensor): boolean {
  return shape.slice(0, -2).every((size) => size === 1);
}

function stretch(x: Tensor, batch: readonly number[]): Tensor {
  const shape = [...batch, ...x.shape.slice(-2)];
  return shape.length === x.rank && shape.every((size, i) => size === x.shape[i]) ? x : broadcastTo(x, shape);
}

function squeezeLast(x: Tensor): Tensor {
  return squeeze(x, [x.rank - 1]);
}

function checkInner(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): void {
  if (a.rank === 0 || b.rank === 0) {
    throw new ShapeError(
      `matMul: a has rank ${a.rank}, b has rank ${b.rank}, expected at least 1. Multiply by a number with mul.`,
    );
  }
  const left = a.shape[a.rank > 1 && transposeA ? a.rank - 2 : a.rank - 1];
  const right = b.shape[b.rank > 1 && !transposeB ? b.rank - 2 : b.rank - 1];
  if (left === right) return;
  throw new ShapeError(
    `matMul: a is [${a.shape.join(", ")}]${transposeA ? " transposed" : ""}, b is [${b.shape.join(", ")}]` +
      `${transposeB ? " transposed" : ""}: their inner sizes ${left} and ${right} differ.`,
  );
}
