import { exp } from "./parts/exp";
import { loadLanes, storeLanes, sumOfLanes } from "./parts/lanes";
import { madd } from "./parts/madd";

/**
 * `h ← exp(Δ A) h + Δ u B`, `y = Σ C h`, one time step after the other, for `u`, `Δ` and `y` of `[batch, time, channel]`, `A` of `[channel, state]`,
 * `B` and `C` of `[batch, time, state]` and `h` of `[batch, channel, state]`.
 *
 * @param h holds the initial states, and then the final ones
 */
export function selectiveScan(
  u: usize,
  delta: usize,
  A: usize,
  B: usize,
  C: usize,
  h: usize,
  y: usize,
  batch: i32,
  time: i32,
  channels: i32,
  size: i32,
): void {
  const row = (<usize>size) << 2;
  for (let b = 0; b < batch; b++, h += <usize>channels * row) {
    for (let t = 0; t < time; t++, B += row, C += row) {
      let rates = A;
      let state = h;
      for (let d = 0; d < channels; d++, u += 4, delta += 4, y += 4) {
        const lasting = load<f32>(delta);
        const write = f32x4.splat(lasting * load<f32>(u));
        let sum = f32x4.splat(0);
        for (let n = 0; n < size; n += 4) {
          const lanes = size - n;
          const at = (<usize>n) << 2;
          const kept = exp(f32x4.mul(f32x4.splat(lasting), loadLanes(rates + at, lanes)));
          const after = madd(f32x4.mul(kept, loadLanes(state + at, lanes)), write, loadLanes(B + at, lanes));
          storeLanes(state + at, after, lanes);
          sum = madd(sum, after, loadLanes(C + at, lanes));
        }
        store<f32>(y, sumOfLanes(sum));
        rates += row;
        state += row;
      }
    }
  }
}
