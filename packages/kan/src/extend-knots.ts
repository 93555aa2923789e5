/** Adds `order` knots beyond each end of a grid, `step` apart. */
export function extendKnots(grid: Float64Array, order: number, step: number): Float64Array {
  const [first, last] = [grid[0] ?? NaN, grid.at(-1) ?? NaN];
  const before = Float64Array.from({ length: order }, (_, i) => first - (order - i) * step);
  const after = Float64Array.from({ length: order }, (_, i) => last + (i + 1) * step);
  return Float64Array.of(...before, ...grid, ...after);
}
