/** The size of an axis, counted from the end where negative. */
export function sizeAlong(shape: readonly number[], axis: number): number {
  const size = shape.at(axis);
  if (size !== undefined) return size;
  throw new RangeError(`axis is ${axis}, expected one of the ${shape.length} of [${shape.join(", ")}].`);
}
