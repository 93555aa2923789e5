import { turn } from "./parts/tables";

/** Numbers of a line of the cache: as many rows are turned together, so that each line is read once. */
const LINE = 16;

/**
 * Copies tables of `rows` × `columns` numbers of four bytes, `outer` × `middle` × `inner` of them, to where the next along each axis is another distance away. Distances are in bytes.
 *
 * @param isTurned whether neighbors along the rows are next to each other where they come from, and those along the columns where they go;
 * otherwise those along the columns are, in both
 */
export function permute(
  from: usize,
  to: usize,
  outer: i32,
  outerFrom: i32,
  outerTo: i32,
  middle: i32,
  middleFrom: i32,
  middleTo: i32,
  inner: i32,
  innerFrom: i32,
  innerTo: i32,
  rows: i32,
  rowTo: i32,
  rowFrom: i32,
  columns: i32,
  columnFrom: i32,
  isTurned: bool,
): void {
  for (let i = 0; i < outer; i++) {
    for (let j = 0; j < middle; j++) {
      for (let k = 0; k < inner; k++) {
        const source = from + <usize>(i * outerFrom + j * middleFrom + k * innerFrom);
        const target = to + <usize>(i * outerTo + j * middleTo + k * innerTo);
        if (isTurned) turnTable(source, target, rows, rowTo, columns, columnFrom);
        else copyTable(source, target, rows, rowFrom, rowTo, columns);
      }
    }
  }
}

function copyTable(from: usize, to: usize, rows: i32, rowFrom: i32, rowTo: i32, columns: i32): void {
  for (let r = 0; r < rows; r++, from += rowFrom, to += rowTo) {
    let c = 0;
    for (; c <= columns - 4; c += 4) v128.store(to + ((<usize>c) << 2), v128.load(from + ((<usize>c) << 2)));
    for (; c < columns; c++) store<i32>(to + ((<usize>c) << 2), load<i32>(from + ((<usize>c) << 2)));
  }
}

function turnTable(from: usize, to: usize, rows: i32, rowTo: i32, columns: i32, columnFrom: i32): void {
  for (let first = 0; first < rows; first += LINE) {
    const end = min(rows, first + LINE);
    let c = 0;
    for (; c <= columns - 4; c += 4) {
      let r = first;
      for (; r <= end - 4; r += 4) {
        const source = from + ((<usize>r) << 2) + <usize>c * columnFrom;
        turn(source, columnFrom, to + <usize>r * rowTo + ((<usize>c) << 2), rowTo);
      }
      for (; r < end; r++) {
        const source = from + ((<usize>r) << 2) + <usize>c * columnFrom;
        const target = to + <usize>r * rowTo + ((<usize>c) << 2);
        for (let i = 0; i < 4; i++)
          store<i32>(target + ((<usize>i) << 2), load<i32>(source + i * columnFrom));
      }
    }
    for (; c < columns; c++) {
      for (let r = first; r < end; r++) {
        const source = from + ((<usize>r) << 2) + <usize>c * columnFrom;
        store<i32>(to + <usize>r * rowTo + ((<usize>c) << 2), load<i32>(source));
      }
    }
  }
}
