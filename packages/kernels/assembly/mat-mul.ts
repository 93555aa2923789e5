import { layOut, multiply } from "./parts/multiply";
import { addBlocks } from "./parts/products";

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
  rows: i32,
  depth: i32,
  columns: i32,
  isTransposed: bool,
): void {
  const step = depth << 2;
  layOut(b, panels, rows, depth, columns, isTransposed);
  multiply(a, b, bias, c, panels, rows, step, depth, columns, isTransposed);
}

/**
 * `c = aᵀ b` for `a` of `[depth, rows]` and `b` of `[depth, columns]`.
 *
 * @param sums room for `rows` × `sumColumns(columns)` numbers of 64 bits, or 0 where one block of rows that are not narrow is all
 * @param packed room for `block` × (`sumColumns(columns)` + 6) numbers
 * @param block how many rows of the tables are added up at a time
 */
export function transposedMatMul(
  a: usize,
  b: usize,
  c: usize,
  sums: usize,
  offsets: usize,
  packed: usize,
  block: i32,
  rows: i32,
  depth: i32,
  columns: i32,
): void {
  for (let r = 0; r < rows; r++) store<i32>(offsets + ((<usize>r) << 2), r << 2);
  addBlocks(a, b, c, sums, offsets, packed, block, rows, depth, columns, rows);
}
