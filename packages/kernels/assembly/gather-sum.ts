import { loadLanes, storeLanes } from "./parts/lanes";
import { madd } from "./parts/madd";

/**
 * For each row the sum of the rows of `x` that its edges name, times the weight of each edge and head; `weight` of 0 stands for 1. Edges of a row are
 * added in their order, of a row with many in parts. Blocks of 32 or 16 features are summed in registers: the wider,
 * the less often memory is asked for rows far apart.
 */
export function gatherSum(
  x: usize,
  weight: usize,
  ptr: usize,
  column: usize,
  edge: usize,
  y: usize,
  rows: i32,
  features: i32,
  heads: i32,
): void {
  const bytes = (<usize>features) << 2;
  const width = features / heads;
  if (heads > 1 && width < 16 && (width & 3) === 0) {
    sumOfHeads(x, weight, ptr, column, edge, y, rows, features, heads);
    return;
  }
  const step = (<usize>heads) << 2;
  for (let row = 0; row < rows; row++, y += bytes) {
    const first = (<usize>load<i32>(ptr + ((<usize>row) << 2))) << 2;
    const last = (<usize>load<i32>(ptr + ((<usize>row) << 2), 4)) << 2;
    if (last - first > MANY) {
      sumOfMany(x, weight, first, last, column, edge, y, features, heads);
      continue;
    }
    for (let head = 0; head < heads; head++) {
      const weights = weight === 0 ? <usize>0 : weight + ((<usize>head) << 2);
      let at = (<usize>(head * width)) << 2;
      let left = width;
      for (; left >= 32; left -= 32, at += 128)
        sumOfBlock(x + at, weights, column, edge, y + at, first, last, bytes, step);
      for (; left >= 16; left -= 16, at += 64) {
        let a = f32x4.splat(0);
        let b = f32x4.splat(0);
        let c = f32x4.splat(0);
        let d = f32x4.splat(0);
        for (let k = first; k < last; k += 4) {
          const from = x + <usize>load<u32>(column + k) * bytes + at;
          const w = weightOf(weights, edge + k, step);
          a = madd(a, w, v128.load(from));
          b = madd(b, w, v128.load(from, 16));
          c = madd(c, w, v128.load(from, 32));
          d = madd(d, w, v128.load(from, 48));
        }
        v128.store(y + at, a);
        v128.store(y + at, b, 16);
        v128.store(y + at, c, 32);
        v128.store(y + at, d, 48);
      }
      for (; left > 0; left -= 4, at += 16) {
        let a = f32x4.splat(0);
        for (let k = first; k < last; k += 4) {
          const from = x + <usize>load<u32>(column + k) * bytes + at;
          a = madd(a, weightOf(weights, edge + k, step), loadLanes(from, left));
        }
        storeLanes(y + at, a, left);
      }
    }
  }
}

/** 32 features of one row. */
function sumOfBlock(
  x: usize,
  weights: usize,
  column: usize,
  edge: usize,
  y: usize,
  first: usize,
  last: usize,
  bytes: usize,
  step: usize,
): void {
  let a = f32x4.splat(0);
  let b = f32x4.splat(0);
  let c = f32x4.splat(0);
  let d = f32x4.splat(0);
  let e = f32x4.splat(0);
  let f = f32x4.splat(0);
  let g = f32x4.splat(0);
  let h = f32x4.splat(0);
  for (let k = first; k < last; k += 4) {
    const from = x + <usize>load<u32>(column + k) * bytes;
    const w = weightOf(weights, edge + k, step);
    a = madd(a, w, v128.load(from));
    b = madd(b, w, v128.load(from, 16));
    c = madd(c, w, v128.load(from, 32));
    d = madd(d, w, v128.load(from, 48));
    e = madd(e, w, v128.load(from, 64));
    f = madd(f, w, v128.load(from, 80));
    g = madd(g, w, v128.load(from, 96));
    h = madd(h, w, v128.load(from, 112));
  }
  v128.store(y, a);
  v128.store(y, b, 16);
  v128.store(y, c, 32);
  v128.store(y, d, 48);
  v128.store(y, e, 64);
  v128.store(y, f, 80);
  v128.store(y, g, 96);
  v128.store(y, h, 112);
}

/** Bytes of the edges that are added up in 32 bits. */
const MANY: usize = 1024;

/** The sum of a row with many edges: of some in 32 bits, and of those in 64. */
function sumOfMany(
  x: usize,
  weight: usize,
  first: usize,
  last: usize,
  column: usize,
  edge: usize,
  y: usize,
  features: i32,
  heads: i32,
): void {
  const bytes = (<usize>features) << 2;
  const width = features / heads;
  const step = (<usize>heads) << 2;
  for (let head = 0; head < heads; head++) {
    const weights = weight === 0 ? <usize>0 : weight + ((<usize>head) << 2);
    let at = (<usize>(head * width)) << 2;
    let left = width;
    for (; left >= 8; left -= 8, at += 32) {
      let s0 = f64x2.splat(0);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      for (let from = first; from < last; from += MANY) {
        const end = min(last, from + MANY);
        let a = f32x4.splat(0);
        let b = a;
        for (let k = from; k < end; k += 4) {
          const row = x + <usize>load<u32>(column + k) * bytes + at;
          const w = weightOf(weights, edge + k, step);
          a = madd(a, w, v128.load(row));
          b = madd(b, w, v128.load(row, 16));
        }
        s0 = f64x2.add(s0, f64x2.promote_low_f32x4(a));
        s1 = f64x2.add(s1, f64x2.promote_low_f32x4(upper(a)));
        s2 = f64x2.add(s2, f64x2.promote_low_f32x4(b));
        s3 = f64x2.add(s3, f64x2.promote_low_f32x4(upper(b)));
      }
      v128.store(y + at, together(s0, s1));
      v128.store(y + at, together(s2, s3), 16);
    }
    for (; left > 0; left -= 4, at += 16) {
      let s0 = f64x2.splat(0);
      let s1 = s0;
      for (let from = first; from < last; from += MANY) {
        const end = min(last, from + MANY);
        let a = f32x4.splat(0);
        for (let k = from; k < end; k += 4) {
          const row = x + <usize>load<u32>(column + k) * bytes + at;
          a = madd(a, weightOf(weights, edge + k, step), loadLanes(row, left));
        }
        s0 = f64x2.add(s0, f64x2.promote_low_f32x4(a));
        s1 = f64x2.add(s1, f64x2.promote_low_f32x4(upper(a)));
      }
      storeLanes(y + at, together(s0, s1), left);
    }
  }
}

function upper(numbers: v128): v128 {
  return v128.shuffle<f32>(numbers, numbers, 2, 3, 0, 1);
}

/** Four numbers of 64 bits in 32. */
function together(low: v128, high: v128): v128 {
  const a = f32x4.demote_f64x2_zero(low);
  const b = f32x4.demote_f64x2_zero(high);
  return v128.shuffle<f32>(a, b, 0, 1, 4, 5);
}

function weightOf(weights: usize, edge: usize, step: usize): v128 {
  return weights === 0 ? f32x4.splat(1) : v128.load32_splat(weights + <usize>load<u32>(edge) * step);
}

/** The same for heads of 4, 8 or 12 features: a block of sixteen features has several heads, so that each edge is read once for all of them. */
function sumOfHeads(
  x: usize,
  weight: usize,
  ptr: usize,
  column: usize,
  edge: usize,
  y: usize,
  rows: i32,
  features: i32,
  heads: i32,
): void {
  const bytes = (<usize>features) << 2;
  const width = features / heads;
  const step = (<usize>heads) << 2;
  for (let row = 0; row < rows; row++, y += bytes) {
    const first = (<usize>load<i32>(ptr + ((<usize>row) << 2))) << 2;
    const last = (<usize>load<i32>(ptr + ((<usize>row) << 2), 4)) << 2;
    if (last - first > MANY) {
      sumOfMany(x, weight, first, last, column, edge, y, features, heads);
      continue;
    }
    let feature = 0;
    for (; feature + 16 <= features; feature += 16) {
      const at = (<usize>feature) << 2;
      const ofA = weight + ((<usize>(feature / width)) << 2);
      const ofB = weight + ((<usize>((feature + 4) / width)) << 2);
      const ofC = weight + ((<usize>((feature + 8) / width)) << 2);
      const ofD = weight + ((<usize>((feature + 12) / width)) << 2);
      let a = f32x4.splat(0);
      let b = f32x4.splat(0);
      let c = f32x4.splat(0);
      let d = f32x4.splat(0);
      for (let k = first; k < last; k += 4) {
        const from = x + <usize>load<u32>(column + k) * bytes + at;
        const own = <usize>load<u32>(edge + k) * step;
        a = madd(a, v128.load32_splat(ofA + own), v128.load(from));
        b = madd(b, v128.load32_splat(ofB + own), v128.load(from, 16));
        c = madd(c, v128.load32_splat(ofC + own), v128.load(from, 32));
        d = madd(d, v128.load32_splat(ofD + own), v128.load(from, 48));
      }
      v128.store(y + at, a);
      v128.store(y + at, b, 16);
      v128.store(y + at, c, 32);
      v128.store(y + at, d, 48);
    }
    for (; feature < features; feature += 4) {
      const at = (<usize>feature) << 2;
      const own = weight + ((<usize>(feature / width)) << 2);
      let a = f32x4.splat(0);
      for (let k = first; k < last; k += 4)
        a = madd(
          a,
          v128.load32_splat(own + <usize>load<u32>(edge + k) * step),
          v128.load(x + <usize>load<u32>(column + k) * bytes + at),
        );
      v128.store(y + at, a);
    }
  }
}
