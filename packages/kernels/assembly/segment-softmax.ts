import { exp } from "./parts/exp";
import { loadLanes, storeLanes } from "./parts/lanes";

/** Softmax over the edges of each row, for each head: `exp(x - max) / (Σ exp(x - max) + 1e-16)`. */
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
  for (let head = 0; head < heads; head++) {
    const at = (<usize>head) << 2;
    for (let row = 0; row < rows; row++) {
      const first = edge + ((<usize>load<i32>(ptr + ((<usize>row) << 2))) << 2);
      const last = edge + ((<usize>load<i32>(ptr + ((<usize>row) << 2), 4)) << 2);
      let highest: f32 = -Infinity;
      for (let k = first; k < last; k += 4)
        highest = max(highest, load<f32>(x + <usize>load<u32>(k) * step + at));
      for (let k = first; k < last; k += 4) {
        const to = <usize>load<u32>(k) * step + at;
        store<f32>(y + to, load<f32>(x + to) - highest);
      }
    }
  }
  let powers = y;
  for (let left = edges * heads; left > 0; left -= 4, powers += 16)
    storeLanes(powers, exp(loadLanes(powers, left)), left);
  for (let head = 0; head < heads; head++) {
    const at = (<usize>head) << 2;
    for (let row = 0; row < rows; row++) {
      const first = edge + ((<usize>load<i32>(ptr + ((<usize>row) << 2))) << 2);
      const last = edge + ((<usize>load<i32>(ptr + ((<usize>row) << 2), 4)) << 2);
      let total: f32 = 1e-16;
      for (let k = first; k < last; k += 4) total += load<f32>(y + <usize>load<u32>(k) * step + at);
      for (let k = first; k < last; k += 4) {
        const to = y + <usize>load<u32>(k) * step + at;
        store<f32>(to, load<f32>(to) / total);
      }
    }
  }
}
