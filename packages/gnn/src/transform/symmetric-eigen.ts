import { EigenvalueDecomposition } from "ml-matrix";

/** Eigenvalues in ascending order, and for each its vector of length 1. */
export interface SymmetricEigen {
  readonly values: readonly number[];
  readonly vectors: readonly (readonly number[])[];
}

/** The eigenvalues and eigenvectors of a symmetric matrix. */
export function symmetricEigen(matrix: number[][]): SymmetricEigen {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, {
    assumeSymmetric: true,
  });
  const order = [...realEigenvalues.keys()].toSorted(
    (i, j) => (realEigenvalues[i] ?? NaN) - (realEigenvalues[j] ?? NaN),
  );
  return {
    values: order.map((i) => realEigenvalues[i] ?? NaN),
    vectors: order.map((i) => eigenvectorMatrix.getColumn(i)),
  };
}
