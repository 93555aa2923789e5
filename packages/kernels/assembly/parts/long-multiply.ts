import { add4, takeRow } from "./long-sums";
import { layOut, multiply } from "./multiply";

// Products of a great depth: a block of it at a time in 32 bits, and the sums of blocks in 64.

/** The depth of a block. */
const DEPTH = 128;

/** {@link layOut} for {@link multiplyLong}. */
export function layOutLong(b: usize, panels: usize, rows: i32, depth: i32, columns: i32): void {
  for (let k = 0; k < depth; k += DEPTH) {
    layOut(
      b + bytes(k * columns),
      panels + bytes(k * inFours(columns)),
      rows,
      min(DEPTH, depth - k),
      columns,
      false,
    );
  }
}

/**
 * {@link multiply} by a `b` that {@link layOutLong} laid out, without a bias.
 *
 * @param block room for `rows` × `columns` numbers, in fours
 * @param sums room for as many of 64 bits
 */
export function multiplyLong(
  a: usize,
  b: usize,
  c: usize,
  panels: usize,
  block: usize,
  sums: usize,
  rows: i32,
  step: i32,
  depth: i32,
  columns: i32,
): void {
  if (depth <= DEPTH) {
    multiply(a, b, 0, c, panels, rows, step, depth, columns, false);
    return;
  }
  const size = rows * columns;
  memory.fill(sums, 0, 2 * bytes(inFours(size)));
  for (let k = 0; k < depth; k += DEPTH) {
    const from = panels + bytes(k * inFours(columns));
    multiply(
      a + bytes(k),
      b + bytes(k * columns),
      0,
      block,
      from,
      rows,
      step,
      min(DEPTH, depth - k),
      columns,
      false,
    );
    for (let i = 0; i < size; i += 4) add4(sums + 2 * bytes(i), v128.load(block + bytes(i)));
  }
  takeRow(sums, c, size);
}

function bytes(numbers: i32): usize {
  return (<usize>numbers) << 2;
}

function inFours(count: i32): i32 {
  return (count + 3) & ~3;
}
