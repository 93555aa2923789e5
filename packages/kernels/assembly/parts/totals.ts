import { loadDoubles } from "./double";

// Totals of `count` numbers over many rows: those of a few rows in 32 bits, at `room`, and of those in 64, after them.

/** Rows that are added up in 32 bits. */
export const ROWS: i32 = 8;

/** Adds the sums of a few rows to the totals, and begins anew. */
export function flush(room: usize, count: i32): void {
  let totals = room + ((<usize>count) << 2);
  const end = totals;
  for (; room + 16 <= end; room += 16, totals += 32) {
    v128.store(totals, f64x2.add(v128.load(totals), loadDoubles(room)));
    v128.store(totals, f64x2.add(v128.load(totals, 16), loadDoubles(room + 8)), 16);
    v128.store(room, f32x4.splat(0));
  }
  for (; room < end; room += 4, totals += 8) {
    store<f64>(totals, load<f64>(totals) + <f64>load<f32>(room));
    store<f32>(room, 0);
  }
}

/** `factor` times `taken` of the totals of `count` numbers, from number `first` on. */
export function finish(room: usize, to: usize, count: i32, first: i32, taken: i32, factor: f64 = 1): void {
  let totals = room + ((<usize>count) << 2) + ((<usize>first) << 3);
  for (const end = to + ((<usize>taken) << 2); to < end; to += 4, totals += 8) {
    store<f32>(to, <f32>(load<f64>(totals) * factor));
  }
}
