import { loadLanes, storeLanes } from "./parts/lanes";
import { madd } from "./parts/madd";

/** For each sum the rows of `x` that its taps name, times their weights, in the order of the taps. Blocks of sixteen features are summed in registers. A row that is not there is left out. */
export function weightedGather(
  x: usize,
  indices: usize,
  weights: usize,
  y: usize,
  rows: i32,
  sums: i32,
  taps: i32,
  features: i32,
): void {
  const bytes = (<usize>features) << 2;
  const step = (<usize>taps) << 2;
  for (let n = 0; n < sums; n++, y += bytes, indices += step, weights += step) {
    let at: usize = 0;
    let left = features;
    for (; left >= 16; left -= 16, at += 64) {
      let a = f32x4.splat(0);
      let b = f32x4.splat(0);
      let c = f32x4.splat(0);
      let d = f32x4.splat(0);
      for (let t: usize = 0; t < step; t += 4) {
        const row = load<u32>(indices + t);
        if (row >= <u32>rows) continue;
        const from = x + <usize>row * bytes + at;
        const w = v128.load32_splat(weights + t);
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
      for (let t: usize = 0; t < step; t += 4) {
        const row = load<u32>(indices + t);
        if (row >= <u32>rows) continue;
        a = madd(a, v128.load32_splat(weights + t), loadLanes(x + <usize>row * bytes + at, left));
      }
      storeLanes(y + at, a, left);
    }
  }
}

/** Its gradient at `x`: adds each row of `dy`, times the weight of each of its taps, to the row of `dx` that the tap names. `dx` begins at zero. */
export function weightedScatter(
  dy: usize,
  indices: usize,
  weights: usize,
  dx: usize,
  rows: i32,
  sums: i32,
  taps: i32,
  features: i32,
): void {
  const bytes = (<usize>features) << 2;
  const step = (<usize>taps) << 2;
  for (let n = 0; n < sums; n++, dy += bytes, indices += step, weights += step)
    for (let t: usize = 0; t < step; t += 4) {
      const row = load<u32>(indices + t);
      if (row >= <u32>rows) continue;
      const to = dx + <usize>row * bytes;
      const w = v128.load32_splat(weights + t);
      let at: usize = 0;
      let left = features;
      for (; left >= 4; left -= 4, at += 16)
        v128.store(to + at, madd(v128.load(to + at), w, v128.load(dy + at)));
      if (left > 0) storeLanes(to + at, madd(loadLanes(to + at, left), w, loadLanes(dy + at, left)), left);
    }
}
