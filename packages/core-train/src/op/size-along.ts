import { AxisError } from "./axis-error.ts";

/**
 * The size of an axis, counted from the end where negative: PyTorch's `x.size(axis)`.
 *
 * @throws {AxisError} If there is no such axis.
 */
export function sizeAlong({ shape }: { readonly shape: readonly number[] }, axis: number): number {
  const size = shape.at(axis);
  if (size !== undefined) return size;
  throw new AxisError(
    `sizeAlong: axis is ${axis}, expected one of the ${shape.length} of [${shape.join(", ")}].`,
  );
}
