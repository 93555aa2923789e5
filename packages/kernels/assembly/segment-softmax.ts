import { exp } from "./parts/exp";
import { loadLanes, storeLanes } from "./parts/lanes";

/** Softmax over the edges of each row, for each head: `exp(x - max) / (Σ exp(x - max) + 1e-16)`. Four heads at a time. */
export function segmentSoftmax(
  x: usize,
  ptr: usize,
  edge: usize,
  y: usize,
  rows: i32,
  edges: i32,
  heads: i32,
): void {
  const step = (<usize>heads) << 2;
  for (let row = 0; row < rows; row++) {
    const first = edge + ((<usize>load<i32>(ptr + ((<usize>row) << 2))) << 2);
    const last = edge + ((<usize>load<i32>(ptr + ((<usize>row) << 2), 4)) << 2);
    for (let left = heads, at: usize = 0; left > 0; left -= 4, at += 16) {
      let highest = f32x4.splat(-Infinity);
      for (let k = first; k < last; k += 4)
        highest = f32x4.max(highest, loadLanes(x + <usize>load<u32>(k) * step + at, left));
      for (let k = first; k < last; k += 4) {
        const to = <usize>load<u32>(k) * step + at;
        storeLanes(y + to, f32x4.sub(loadLanes(x + to, left), highest), left);
      }
    }
  }
  let powers = y;
  for (let left = edges * heads; left > 0; left -= 4, powers += 16)
    storeLanes(powers, exp(loadLanes(powers, left)), left);
  for (let row = 0; row < rows; row++) {
    const first = edge + ((<usize>load<i32>(ptr + ((<usize>row) << 2))) << 2);
    const last = edge + ((<usize>load<i32>(ptr + ((<usize>row) << 2), 4)) << 2);
    for (let left = heads, at: usize = 0; left > 0; left -= 4, at += 16) {
      let total = f32x4.splat(1e-16);
      for (let k = first; k < last; k += 4)
        total = f32x4.add(total, loadLanes(y + <usize>load<u32>(k) * step + at, left));
      for (let k = first; k < last; k += 4) {
        const to = y + <usize>load<u32>(k) * step + at;
        storeLanes(to, f32x4.div(loadLanes(to, left), total), left);
      }
    }
  }
}
