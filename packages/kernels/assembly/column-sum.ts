import { addLanes } from "./parts/lanes";

/** Rows that are summed in registers before they are added to the rest: so a long sum keeps its digits. */
const BLOCK = 64;

/** Sums tables over their rows: `[tables, rows, columns]` -> `[tables, columns]`. */
export function columnSum(x: usize, sums: usize, tables: i32, rows: i32, columns: i32): void {
  const row = (<usize>columns) << 2;
  memory.fill(sums, 0, <usize>tables * row);
  for (let t = 0; t < tables; t++, sums += row) {
    for (let r = 0; r < rows; r += BLOCK) {
      const count = min(BLOCK, rows - r);
      for (let c = 0; c < columns; c += 4) {
        const at = (<usize>c) << 2;
        addLanes(sums + at, columnOf4(x + at, count, row), columns - c);
      }
      x += <usize>count * row;
    }
  }
}

function columnOf4(x: usize, rows: i32, row: usize): v128 {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (; rows >= 4; rows -= 4, x += 4 * row) {
    s0 = f32x4.add(s0, v128.load(x));
    s1 = f32x4.add(s1, v128.load(x + row));
    s2 = f32x4.add(s2, v128.load(x + 2 * row));
    s3 = f32x4.add(s3, v128.load(x + 3 * row));
  }
  for (; rows > 0; rows--, x += row) s0 = f32x4.add(s0, v128.load(x));
  return f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
}
