import { checkShape, leaves, StructError } from "@pellucid/core-train";
import { add, type Tensor, zerosLike } from "@tensorflow/tfjs-core";
import { floatLeaves, leavesAtFloats, withFloats } from "./float-leaves.ts";

/**
 * The input that stands for "no signal": one number for all floats, or a tensor (of a structure: a structure) of the input's shape or of
 * one example's.
 */
export type Baseline<X = Tensor> = number | (X extends Tensor ? Tensor : X);

/**
 * The baseline for each float tensor of `x`, in its shape. To be called in a `tidy`.
 *
 * @throws StructError where the baseline has other tensors than `x`
 */
export function baselineLeaves(caller: string, x: unknown, baseline: unknown): Tensor[] {
  const floats = floatLeaves(x);
  if (typeof baseline === "number") return floats.map((leaf) => add(zerosLike(leaf), baseline));
  const [expected, found] = [leaves(x).length, leaves(baseline).length];
  if (expected !== found)
    throw new StructError(
      `${caller}: the baseline has ${found} tensors, expected the ${expected} of the input. Give it the input's fields, or one number for all.`,
    );
  const given = leavesAtFloats(x, baseline);
  return floats.map((leaf, i) => {
    const own = given[i] ?? leaf;
    const shape =
      own.rank === leaf.rank && own.shape[0] === leaf.shape[0] ? leaf.shape : [1, ...leaf.shape.slice(1)];
    checkShape(caller, "baseline", own, shape);
    return add(zerosLike(leaf), own);
  });
}

/** The baseline as an input: `x` with its floats replaced. To be called in a `tidy`. */
export function baselineLike<X>(caller: string, x: X, baseline: Baseline<X>): X {
  return withFloats(x, baselineLeaves(caller, x, baseline));
}
