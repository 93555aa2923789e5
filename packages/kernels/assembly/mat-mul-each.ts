import { matMul, transposedMatMul } from "./mat-mul";

// Products of many matrices of the same sizes. The table has, for each, the addresses of `a`, `b` and `c`.

/** {@link matMul} of `count`, without a bias. */
export function matMulEach(
  table: usize,
  count: i32,
  panels: usize,
  taps: usize,
  positions: usize,
  rows: i32,
  depth: i32,
  columns: i32,
  isTransposed: bool,
): void {
  for (; count > 0; count--, table += 12) {
    const a = <usize>load<u32>(table);
    const b = <usize>load<u32>(table, 4);
    const c = <usize>load<u32>(table, 8);
    matMul(a, b, 0, c, panels, taps, positions, rows, depth, columns, isTransposed);
  }
}

/** {@link transposedMatMul} of `count`. */
export function transposedMatMulEach(
  table: usize,
  count: i32,
  sums: usize,
  offsets: usize,
  packed: usize,
  block: i32,
  rows: i32,
  depth: i32,
  columns: i32,
): void {
  for (; count > 0; count--, table += 12) {
    const a = <usize>load<u32>(table);
    const b = <usize>load<u32>(table, 4);
    const c = <usize>load<u32>(table, 8);
    transposedMatMul(a, b, c, sums, offsets, packed, block, rows, depth, columns);
  }
}
