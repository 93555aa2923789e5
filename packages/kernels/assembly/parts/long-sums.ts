// Sums in 64 bits of what was added up in 32 bits, a block at a time.

/** Adds four numbers to sums. */
export function add4(to: usize, numbers: v128): void {
  const upper = v128.shuffle<f32>(numbers, numbers, 2, 3, 0, 1);
  v128.store(to, f64x2.add(v128.load(to), f64x2.promote_low_f32x4(numbers)));
  v128.store(to, f64x2.add(v128.load(to, 16), f64x2.promote_low_f32x4(upper)), 16);
}

// Which block of a sum it is: the only one needs no sum in 64 bits, the first has nothing to add to, and the sum with the last is
// rounded at once.
export const ONLY = 0;
export const FIRST = 1;
export const NEXT = 2;
export const LAST = 3;

/** Which block it is. */
export function stageOf(isFirst: bool, isLast: bool): i32 {
  return isFirst ? (isLast ? ONLY : FIRST) : isLast ? LAST : NEXT;
}

/** Bytes of the largest tile, 6 × 8 numbers. */
export const TILE = 192;

/**
 * Adds a tile of `rows` × `wide` numbers, 4 or 8, to sums in rows of `sumsRow` bytes; of the last block, the sums go to rows of
 * `toRow` bytes.
 */
export function addTile(
  tile: usize,
  rows: i32,
  wide: i32,
  sums: usize,
  sumsRow: usize,
  to: usize,
  toRow: usize,
  stage: i32,
): void {
  const step = (<usize>wide) << 2;
  if (stage == ONLY) {
    for (; rows > 0; rows--, tile += step, to += toRow) {
      v128.store(to, v128.load(tile));
      if (wide == 8) v128.store(to, v128.load(tile, 16), 16);
    }
    return;
  }
  for (; rows > 0; rows--, tile += step, sums += sumsRow, to += toRow) {
    put4(tile, sums, to, stage);
    if (wide == 8) put4(tile + 16, sums + 32, to + 16, stage);
  }
}

function put4(tile: usize, sums: usize, to: usize, stage: i32): void {
  let lower = f64x2.promote_low_f32x4(v128.load64_zero(tile));
  let upper = f64x2.promote_low_f32x4(v128.load64_zero(tile, 8));
  if (stage != FIRST) {
    lower = f64x2.add(v128.load(sums), lower);
    upper = f64x2.add(v128.load(sums, 16), upper);
  }
  if (stage == LAST) {
    const low = f32x4.demote_f64x2_zero(lower);
    v128.store(to, v128.shuffle<f32>(low, f32x4.demote_f64x2_zero(upper), 0, 1, 4, 5));
  } else {
    v128.store(sums, lower);
    v128.store(sums, upper, 16);
  }
}

/** Adds a row of numbers to sums, and sets the numbers to 0. */
export function moveRow(from: usize, to: usize, count: i32): void {
  for (; count >= 4; count -= 4, from += 16, to += 32) {
    add4(to, v128.load(from));
    v128.store(from, f32x4.splat(0));
  }
  for (; count > 0; count--, from += 4, to += 8) {
    store<f64>(to, load<f64>(to) + <f64>load<f32>(from));
    store<f32>(from, 0);
  }
}

/** Rounds a row of sums to 32 bits. */
export function takeRow(sums: usize, to: usize, count: i32): void {
  for (; count > 1; count -= 2, sums += 16, to += 8) {
    store<i64>(to, i64x2.extract_lane(f32x4.demote_f64x2_zero(v128.load(sums)), 0));
  }
  if (count > 0) store<f32>(to, <f32>load<f64>(sums));
}
