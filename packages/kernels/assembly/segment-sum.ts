import { loadDoubles } from "./parts/double";

// Sums over many rows lose their digits in 32 bits: those of a segment with many are moved to 64 bits from time to time.

/** Rows that are added up in 32 bits. */
const MANY = 32;

/**
 * Adds each row to the row of its segment, in their order, so that the sum is the same on every run. Others are left out.
 *
 * @param counts room for a number of each segment, or 0 where no segment can have many rows
 * @param totals 8 bytes for each number of `most` rows
 * @param since room for `most` numbers
 * @param most how many segments can have many rows
 */
export function segmentSum(
  rows: usize,
  segments: usize,
  sums: usize,
  counts: usize,
  totals: usize,
  since: usize,
  count: i32,
  size: i32,
  segmentCount: i32,
  most: i32,
): void {
  const bytes = (<usize>size) << 2;
  const whole = bytes & ~15;
  memory.fill(sums, 0, <usize>segmentCount * bytes);
  if (most > 0) {
    numberSegments(segments, counts, count, segmentCount);
    memory.fill(totals, 0, <usize>most * 2 * bytes);
    memory.fill(since, 0, (<usize>most) << 2);
  }
  for (let i = 0; i < count; i++, segments += 4, rows += bytes) {
    const segment = load<u32>(segments);
    if (segment >= <u32>segmentCount) continue;
    const to = sums + <usize>segment * bytes;
    let at: usize = 0;
    for (; at < whole; at += 16) v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(rows + at)));
    for (; at < bytes; at += 4) store<f32>(to + at, load<f32>(to + at) + load<f32>(rows + at));
    if (most === 0) continue;
    const number = load<i32>(counts + ((<usize>segment) << 2));
    if (number === 0) continue;
    const added = since + ((<usize>(number - 1)) << 2);
    const before = load<i32>(added);
    store<i32>(added, before + 1 === MANY ? 0 : before + 1);
    if (before + 1 === MANY) move(to, totals + <usize>(number - 1) * 2 * bytes, bytes);
  }
  if (most === 0) return;
  for (let segment = 0; segment < segmentCount; segment++, counts += 4, sums += bytes) {
    const number = load<i32>(counts);
    if (number === 0) continue;
    let total = totals + <usize>(number - 1) * 2 * bytes;
    for (let at: usize = 0; at < bytes; at += 4, total += 8)
      store<f32>(sums + at, <f32>(load<f64>(total) + <f64>load<f32>(sums + at)));
  }
}

/** Numbers the segments with many rows from 1 on; others have 0. */
function numberSegments(segments: usize, counts: usize, count: i32, segmentCount: i32): void {
  memory.fill(counts, 0, (<usize>segmentCount) << 2);
  for (let i = 0; i < count; i++, segments += 4) {
    const segment = load<u32>(segments);
    if (segment >= <u32>segmentCount) continue;
    const own = counts + ((<usize>segment) << 2);
    store<i32>(own, load<i32>(own) + 1);
  }
  let last = 0;
  for (let segment = 0; segment < segmentCount; segment++, counts += 4)
    store<i32>(counts, load<i32>(counts) > MANY ? ++last : 0);
}

/** Adds sums of 32 bits to totals of 64, and begins anew. */
function move(sums: usize, totals: usize, bytes: usize): void {
  const end = sums + bytes;
  for (; sums + 8 <= end; sums += 8, totals += 16) {
    v128.store(totals, f64x2.add(v128.load(totals), loadDoubles(sums)));
    store<f64>(sums, 0);
  }
  if (sums < end) {
    store<f64>(totals, load<f64>(totals) + <f64>load<f32>(sums));
    store<f32>(sums, 0);
  }
}

/** {@link segmentSum} for integers. */
export function segmentSumInt(
  rows: usize,
  segments: usize,
  sums: usize,
  count: i32,
  size: i32,
  segmentCount: i32,
): void {
  const bytes = (<usize>size) << 2;
  memory.fill(sums, 0, <usize>segmentCount * bytes);
  for (let i = 0; i < count; i++, segments += 4, rows += bytes) {
    const segment = load<u32>(segments);
    if (segment >= <u32>segmentCount) continue;
    const to = sums + <usize>segment * bytes;
    for (let at: usize = 0; at < bytes; at += 4)
      store<i32>(to + at, load<i32>(to + at) + load<i32>(rows + at));
  }
}
