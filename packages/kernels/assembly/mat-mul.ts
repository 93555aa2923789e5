import { addProducts, sumColumns, takeSums } from "./products";
import { slide } from "./slide";
import { fillPanels, fillPlaces, GROUP, putTap } from "./tables";

/** Numbers of a block of rows, so that it stays in the second cache while all columns go by. */
const BLOCK = 65536;

/**
 * `c = a b + bias` for `a` of `[rows, depth]` and `b` of `[depth, columns]`, or, transposed, of `[columns, depth]`: a window
 * of one tap that slides over the rows of `a`. Without a bias, its address is 0.
 */
export function matMul(
  a: usize,
  b: usize,
  bias: usize,
  c: usize,
  panels: usize,
  taps: usize,
  places: usize,
  rows: i32,
  depth: i32,
  columns: i32,
  isTransposed: bool,
): void {
  fillPanels(panels, b, 1, depth, columns, 0, isTransposed ? 1 : columns, isTransposed ? depth : 1);
  putTap(taps, 0, 0, 0, 0);
  const end = fillPlaces(places, taps, 1, rows, 1, 0, 1, 0, depth << 2, 0, 0, columns << 2, 0);
  const block = <usize>max(1, BLOCK / (4 * depth)) * GROUP;
  for (; places < end; places += block) {
    slide(a, c, panels, 1, depth, columns, taps, places, min(end, places + block), bias);
  }
}

/**
 * `c = aᵀ b` for `a` of `[depth, rows]` and `b` of `[depth, columns]`.
 *
 * @param sums room for `rows` × `sumColumns(columns)` numbers, or 0 where they can be added in `c`
 */
export function transposedMatMul(
  a: usize,
  b: usize,
  c: usize,
  sums: usize,
  offsets: usize,
  rows: i32,
  depth: i32,
  columns: i32,
): void {
  const target = sums == 0 ? c : sums;
  memory.fill(target, 0, (<usize>(rows * sumColumns(columns))) << 2);
  for (let r = 0; r < rows; r++) store<i32>(offsets + ((<usize>r) << 2), r << 2);
  const block = max(32, BLOCK / (rows + columns));
  for (let k = 0; k < depth; k += block) {
    const from = a + ((<usize>(k * rows)) << 2);
    const times = b + ((<usize>(k * columns)) << 2);
    const windows = min(block, depth - k);
    addProducts(from, offsets, rows, times, columns, target, 1, 1, windows, 0, 0, rows << 2, columns << 2);
  }
  if (sums != 0) takeSums(sums, c, rows, columns, columns);
}
