import { ShapeError } from "../shape-error.ts";
import type { Initializer } from "./initializer.ts";
import { checkOptions } from "../check-options.ts";
import { checkNotNegative, checkProbabilities } from "../check-values.ts";

/** How large the numbers are that {@link sparse} leaves. */
export interface SparseOptions {
  /** Their standard deviation. Default: 0.01. */
  readonly std?: number;
}

/**
 * A normal matrix of which each column has a share `sparsity` of zeros, as `torch.nn.init.sparse_`.
 * Martens, 2010, section 5.
 *
 * @throws ShapeError for a shape that is not a matrix's
 */
export function sparse(sparsity: number, options: SparseOptions = {}): Initializer {
  checkOptions("sparse", options, ["std"]);
  const { std = 0.01 } = options;
  checkNotNegative("sparse", { std });
  checkProbabilities("sparse", { sparsity });
  return (shape, rng) => {
    const [rows, columns] = shape;
    if (rows === undefined || columns === undefined || shape.length > 2)
      throw new ShapeError(`sparse: the shape is [${shape.join(", ")}], expected [rows, columns].`);
    const drawn = rng.normal(shape, 0, std);
    const zeros = Math.ceil(sparsity * rows);
    for (let column = 0; column < columns; column++) {
      for (const row of rng.randperm(rows).subarray(0, zeros)) drawn.data[row * columns + column] = 0;
    }
    return drawn;
  };
}
