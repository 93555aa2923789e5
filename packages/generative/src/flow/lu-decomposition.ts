import { lu } from "@pellucid/core-train/linalg";

/** The parts of a square matrix `P L (U + diag(s))`. */
export interface LuDecomposition {
  /** `P`, with one 1 in each row and column. */
  readonly permutation: Float32Array<ArrayBuffer>;
  /** `L` below the diagonal, 0 elsewhere. */
  readonly lower: Float32Array<ArrayBuffer>;
  /** `U` above the diagonal, 0 elsewhere. */
  readonly upper: Float32Array<ArrayBuffer>;
  /** `s` */
  readonly diagonal: Float32Array<ArrayBuffer>;
}

/** Divides a matrix into triangular ones, with the largest pivot of each column, as `torch.linalg.lu`. Row-major. */
export function luDecomposition(matrix: ArrayLike<number>, n: number): LuDecomposition {
  const { rows, order } = lu(
    Array.from({ length: n }, (_, i) =>
      Float64Array.from({ length: n }, (__, j) => matrix[i * n + j] ?? NaN),
    ),
  );
  const at = (keep: (i: number, j: number) => number) =>
    Float32Array.from({ length: n * n }, (_, k) => keep(Math.floor(k / n), k % n));
  const value = (i: number, j: number): number => rows[i]?.[j] ?? NaN;
  return {
    permutation: at((i, j) => (order[j] === i ? 1 : 0)),
    lower: at((i, j) => (j < i ? value(i, j) : 0)),
    upper: at((i, j) => (j > i ? value(i, j) : 0)),
    diagonal: Float32Array.from({ length: n }, (_, i) => value(i, i)),
  };
}
