import { loadLanes, storeLanes } from "./parts/lanes";
import { layOut, multiplyPart } from "./parts/multiply";
import { tanh } from "./parts/tanh";

// A plain recurrence over all time steps of a batch, `h ← tanh(x + h W)` or with a ReLU: see `PellucidRnn` in the core.

/**
 * @param x what the input adds, `[batch, time, hidden]`
 * @param weight what the previous state adds, `[hidden, hidden]`
 * @param h holds the first state and is left with the last, `[batch, hidden]`
 * @param lengths the number of time steps of each example
 * @param whole the examples of all parts that threads compute, this one among them
 * @param z room for `[batch, hidden]`
 */
export function rnn(
  x: usize,
  weight: usize,
  h: usize,
  y: usize,
  lengths: usize,
  z: usize,
  panels: usize,
  batch: i32,
  whole: i32,
  time: i32,
  hidden: i32,
  isReversed: bool,
  isRelu: bool,
): void {
  const row = (<usize>hidden) << 2;
  layOut(weight, panels, whole, hidden, hidden, false);
  for (let step = 0; step < time; step++) {
    const t = isReversed ? time - 1 - step : step;
    multiplyPart(h, weight, 0, z, panels, batch, whole, <i32>row, hidden, hidden, false);
    for (let b = 0; b < batch; b++) {
      const at = <usize>(b * time + t) * row;
      if (t >= load<i32>(lengths + ((<usize>b) << 2))) {
        memory.fill(y + at, 0, row);
        continue;
      }
      const own = <usize>b * row;
      for (let j: usize = 0; j < row; j += 16) {
        const lanes = <i32>((row - j) >> 2);
        const sum = f32x4.add(loadLanes(x + at + j, lanes), loadLanes(z + own + j, lanes));
        const out = isRelu ? f32x4.max(sum, f32x4.splat(0)) : tanh(sum);
        storeLanes(h + own + j, out, lanes);
        storeLanes(y + at + j, out, lanes);
      }
    }
  }
}

/**
 * Its gradient, backward in time.
 *
 * @param dx takes the gradient at `x`
 * @param dh holds the gradient at the last state and is left with that at the first
 * @param z room for `[batch, hidden]`
 */
export function rnnGradient(
  weight: usize,
  y: usize,
  dy: usize,
  dx: usize,
  dh: usize,
  lengths: usize,
  z: usize,
  panels: usize,
  batch: i32,
  whole: i32,
  time: i32,
  hidden: i32,
  isReversed: bool,
  isRelu: bool,
): void {
  const row = (<usize>hidden) << 2;
  const step = <i32>row * time;
  const one = f32x4.splat(1);
  layOut(weight, panels, whole, hidden, hidden, true);
  for (let n = time - 1; n >= 0; n--) {
    const t = isReversed ? time - 1 - n : n;
    for (let b = 0; b < batch; b++) {
      const at = <usize>(b * time + t) * row;
      if (t >= load<i32>(lengths + ((<usize>b) << 2))) {
        memory.fill(dx + at, 0, row);
        continue;
      }
      const own = <usize>b * row;
      for (let j: usize = 0; j < row; j += 16) {
        const lanes = <i32>((row - j) >> 2);
        const out = f32x4.add(loadLanes(dh + own + j, lanes), loadLanes(dy + at + j, lanes));
        const value = loadLanes(y + at + j, lanes);
        const derivative = isRelu
          ? v128.and(one, f32x4.gt(value, f32x4.splat(0)))
          : f32x4.sub(one, f32x4.mul(value, value));
        storeLanes(dx + at + j, f32x4.mul(out, derivative), lanes);
      }
    }
    const from = dx + <usize>t * row;
    multiplyPart(from, weight, 0, z, panels, batch, whole, step, hidden, hidden, true);
    for (let b = 0; b < batch; b++) {
      if (t >= load<i32>(lengths + ((<usize>b) << 2))) continue;
      memory.copy(dh + <usize>b * row, z + <usize>b * row, row);
    }
  }
}
