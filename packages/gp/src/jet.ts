import { checkArguments, checkShape, gradient } from "@pellucid/core-train";
import {
  type Rank,
  reshape,
  slice,
  stack,
  sum,
  type Tensor,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";

/** A function's values and derivatives at points. */
export type Jet = {
  /** `[batch, output]` */
  readonly value: Tensor2D;
  /** `∂/∂x` of the first output, `[batch, coordinate]`. */
  readonly first: Tensor2D;
  /** `∂²/∂x²` of the first output by each coordinate twice, `[batch, coordinate]`. */
  readonly second: Tensor2D;
};

/**
 * The values of a function of each point, and its first and second derivatives by each coordinate: what a differential equation is made from.
 *
 * @param f from `[batch, coordinate]` to `[batch, output]`, each row by itself; its derivatives can be taken in turn
 * @param x `[batch, coordinate]`
 */
export function jet(f: (x: Tensor2D) => Tensor2D, x: Tensor2D): Jet {
  checkArguments("jet", { function: { f } });
  checkShape("jet", "x", x, ["batch", "coordinate"]);
  return tidy(() => {
    const output = (at: Tensor2D): Tensor => sum(slice(f(at), [0, 0], [-1, 1]));
    const first = gradient(output);
    const along = (d: number) =>
      gradient((at: Tensor2D): Tensor => sum(slice(first(at), [0, d], [-1, 1])))(x);
    const columns = Array.from({ length: x.shape[1] }, (_, d) => slice(along(d), [0, d], [-1, 1]));
    return {
      value: f(x),
      first: first(x),
      second: stack(
        columns.map((column) => reshape<Rank.R1>(column, [-1])),
        1,
      ) as Tensor2D,
    };
  });
}
