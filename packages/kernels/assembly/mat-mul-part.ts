import { multiply } from "./parts/multiply";
import { addBlocks, sumColumns } from "./parts/products";
import { fillPanels } from "./parts/tables";

// The products of mat-mul.ts in parts, which threads compute side by side. Each number is summed up as there.

/** Lays out `count` columns of `b` from `first` on, both of them multiples of 8 unless the last are among them. */
export function layOutPart(
  b: usize,
  panels: usize,
  depth: i32,
  columns: i32,
  isTransposed: bool,
  first: i32,
  count: i32,
): void {
  const from = b + ((<usize>(isTransposed ? first * depth : first)) << 2);
  const to = panels + ((<usize>(first * depth)) << 2);
  fillPanels(to, from, 1, depth, count, 0, isTransposed ? 1 : columns, isTransposed ? depth : 1);
}

/** `count` rows of `c = a b + bias`, more than `multiply` takes for few, from row `first`; `b` is laid out. */
export function matMulPart(
  a: usize,
  b: usize,
  bias: usize,
  c: usize,
  panels: usize,
  depth: i32,
  columns: i32,
  isTransposed: bool,
  first: i32,
  count: i32,
): void {
  const step = depth << 2;
  const from = a + <usize>(first * step);
  const to = c + ((<usize>(first * columns)) << 2);
  multiply(from, b, bias, to, panels, count, step, depth, columns, isTransposed);
}

/** `count` rows of `c = aᵀ b`, from row `first`. `offsets` and `sums` are for all rows, `packed` is for this part. */
export function transposedMatMulPart(
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
  first: i32,
  count: i32,
): void {
  const own = offsets + ((<usize>first) << 2);
  for (let r = 0; r < count; r++) store<i32>(own + ((<usize>r) << 2), (first + r) << 2);
  const target = sums + ((<usize>(first * sumColumns(columns))) << 3);
  const to = c + ((<usize>(first * columns)) << 2);
  addBlocks(a, b, to, target, own, packed, block, count, depth, columns, rows);
}
