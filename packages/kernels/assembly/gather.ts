import { copyRows } from "./copy";

/** Parts of `bytes` at `indices`, from each of `outer` tables of `size` parts. */
export function gatherParts(
  x: usize,
  indices: usize,
  y: usize,
  outer: i32,
  size: i32,
  count: i32,
  bytes: i32,
): void {
  for (let o = 0; o < outer; o++, x += <usize>size * bytes)
    for (let i = 0; i < count; i++, y += bytes)
      copyRows(x + <usize>load<i32>(indices + ((<usize>i) << 2)) * bytes, y, 1, bytes, bytes, bytes);
}
