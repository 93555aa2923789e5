import { sub, type Tensor1D, tensor1d, type Tensor2D, tidy, zeros } from "@tensorflow/tfjs-core";
import { OptionError } from "../option-error.ts";
import { checkShape } from "../shape-error.ts";
import { embedding } from "./embedding.ts";
import { norm } from "./norm.ts";
import { checkOptions } from "../check-options.ts";

/** Options for {@link pdist}. */
export interface PdistOptions {
  /** The norm: 2 is Euclidean, 1 the sum of differences, `Infinity` the largest difference. Default: 2. */
  readonly p?: number;
}

/**
 * The distance of every pair of rows, as `torch.nn.functional.pdist`: `‖xᵢ − xⱼ‖_p` for `i < j`, ordered by `i`, then by `j`.
 *
 * The gradient of equal rows is 0. Of differences that tie for the largest, all share the gradient of `p = Infinity`; in PyTorch each
 * gets the whole.
 *
 * @param x `[row, feature]`
 * @returns `[row (row − 1) / 2]`
 */
export function pdist(x: Tensor2D, options: PdistOptions = {}): Tensor1D {
  checkOptions("pdist", options, ["p"]);
  const { p = 2 } = options;
  checkShape("pdist", "x", x, ["row", "feature"]);
  if (!(p >= 0)) throw new OptionError("pdist", "p", p, "a number of 0 or more");
  const [rows] = x.shape;
  if (rows < 2) return zeros([0]);
  const rowsFrom = (from: number) => Array.from({ length: rows - from }, (_, i) => from + i);
  const firsts = rowsFrom(0).flatMap((i) => rowsFrom(i + 1).map(() => i));
  const seconds = rowsFrom(0).flatMap((i) => rowsFrom(i + 1));
  return tidy(() => {
    const first = embedding(tensor1d(firsts, "int32"), x); //                         [pair, feature]
    const second = embedding(tensor1d(seconds, "int32"), x); //                       [pair, feature]
    return norm(sub(first, second), p, -1);
  });
}
