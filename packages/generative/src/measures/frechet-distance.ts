import { EVD, Matrix } from "ml-matrix";
import { type FeatureRows, type Features, twoFeatureRows } from "./feature-rows.ts";

/** A distance of generated examples from real ones, with the number of each, on which it depends. */
export interface FrechetDistance {
  readonly distance: number;
  readonly realCount: number;
  readonly generatedCount: number;
}

/**
 * The Fréchet distance of two sets of features as if both were normal: FID, where the features are those of the Inception net, and comparable only for
 * features of one net and about equal numbers of examples (few examples give too large a distance).
 *
 *     ‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ − 2 (Σ₁^½ Σ₂ Σ₁^½)^½)
 *
 * In 64 bits, with covariances over `n − 1` and symmetric roots, so that there is neither a complex number nor a failure for few examples.
 * Heusel et al., 2017. https://arxiv.org/abs/1706.08500
 *
 * @throws {DataError} For fewer than two examples, or features that differ in number or are not finite.
 */
export async function frechetDistance(real: Features, generated: Features): Promise<FrechetDistance> {
  const [a, b] = await twoFeatureRows("frechetDistance", real, generated, 2);
  const [first, second] = [normalOf(a), normalOf(b)];
  const apart = Matrix.sub(first.mean, second.mean).norm() ** 2;
  const root = symmetricRoot(first.covariance);
  const product = root.mmul(second.covariance).mmul(root);
  const shared = eigenvalues(product).reduce((total, value) => total + Math.sqrt(Math.max(value, 0)), 0);
  const distance = apart + first.covariance.trace() + second.covariance.trace() - 2 * shared;
  return { distance, realCount: a.length, generatedCount: b.length };
}

function normalOf(rows: FeatureRows): { mean: Matrix; covariance: Matrix } {
  const table = new Matrix(rows.map((row) => [...row]));
  const mean = Matrix.rowVector(table.mean("column"));
  const centered = table.subRowVector(mean);
  return {
    mean,
    covariance: centered
      .transpose()
      .mmul(centered)
      .div(rows.length - 1),
  };
}

const decompose = (matrix: Matrix) => new EVD(symmetric(matrix), { assumeSymmetric: true });

const eigenvalues = (matrix: Matrix): number[] => decompose(matrix).realEigenvalues;

function symmetricRoot(matrix: Matrix): Matrix {
  const { eigenvectorMatrix: vectors, realEigenvalues: values } = decompose(matrix);
  const roots = Matrix.diag(values.map((value) => Math.sqrt(Math.max(value, 0))));
  return vectors.mmul(roots).mmul(vectors.transpose());
}

/** Without the last bits by which a product of matrices is not. */
function symmetric(matrix: Matrix): Matrix {
  return Matrix.add(matrix, matrix.transpose()).mul(0.5);
}
