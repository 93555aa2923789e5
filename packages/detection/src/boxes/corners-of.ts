/** The corners of a box in a flat list of four numbers each. */
export function cornersOf(
  data: ArrayLike<number>,
  box: number,
): [x1: number, y1: number, x2: number, y2: number] {
  const at = (i: number) => data[4 * box + i] ?? NaN;
  return [at(0), at(1), at(2), at(3)];
}
