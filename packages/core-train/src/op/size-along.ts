import { AxisError } from "./axis-error.ts";

/**
 * The size of an axis, counted from the end where negative: PyTorch's `x.size(axis)`.
 *
 * ```ts
 * sizeAlong(zeros([2, 3]), -1); // 3
 * ```
 *
 * @throws {AxisError} If there is no such axis.
 */
export function sizeAlong(x: { readonly shape: readonly number[] }, axis: number): number {
  const { shape } = Object(x) as { readonly shape?: readonly number[] };
  const size = shape?.at(axis);
  if (size !== undefined) return size;
  throw new AxisError(
    `sizeAlong: axis is ${axis}, expected one of the ${shape?.length} of [${shape?.join(", ")}].`,
  );
}
