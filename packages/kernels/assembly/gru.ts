import { loadLanes, storeLanes } from "./parts/lanes";
import { madd } from "./parts/madd";
import { layOut, multiplyPart } from "./parts/multiply";
import { sigmoid } from "./parts/sigmoid";
import { tanh } from "./parts/tanh";

// A gated recurrent unit over all time steps of a batch: see `PellucidGru` in the core. A row of `x` has r, z and n side by side; one of
// gates has r, z, n and what the previous state adds to n.

/**
 * @param x what the input adds to the gates, `[batch, time, 3 hidden]`
 * @param weight what the previous state adds, `[hidden, 3 hidden]`, with its `bias`
 * @param h holds the first state and is left with the last, `[batch, hidden]`
 * @param lengths the number of time steps of each example
 * @param whole the examples of all parts that threads compute, this one among them
 * @param z room for `[batch, 3 hidden]`
 */
export function gru(
  x: usize,
  weight: usize,
  bias: usize,
  h: usize,
  y: usize,
  gates: usize,
  lengths: usize,
  z: usize,
  panels: usize,
  batch: i32,
  whole: i32,
  time: i32,
  hidden: i32,
  isReversed: bool,
): void {
  const row = (<usize>hidden) << 2;
  layOut(weight, panels, whole, hidden, 3 * hidden, false);
  for (let step = 0; step < time; step++) {
    const t = isReversed ? time - 1 - step : step;
    multiplyPart(h, weight, bias, z, panels, batch, whole, <i32>row, hidden, 3 * hidden, false);
    for (let b = 0; b < batch; b++) {
      const at = <usize>(b * time + t) * row;
      if (t >= load<i32>(lengths + ((<usize>b) << 2))) {
        memory.fill(y + at, 0, row);
        memory.fill(gates + 4 * at, 0, 4 * row);
        continue;
      }
      const own = <usize>b * row;
      timeStep(x + 3 * at, z + 3 * own, h + own, y + at, gates + 4 * at, row);
    }
  }
}

function timeStep(x: usize, u: usize, h: usize, y: usize, gates: usize, row: usize): void {
  for (let at: usize = 0; at < row; at += 16) {
    const lanes = <i32>((row - at) >> 2);
    const r = sigmoid(f32x4.add(loadLanes(x + at, lanes), loadLanes(u + at, lanes)));
    const z = sigmoid(f32x4.add(loadLanes(x + row + at, lanes), loadLanes(u + row + at, lanes)));
    const recurrent = loadLanes(u + 2 * row + at, lanes);
    const n = tanh(madd(loadLanes(x + 2 * row + at, lanes), r, recurrent));
    const out = madd(n, z, f32x4.sub(loadLanes(h + at, lanes), n));
    storeLanes(gates + at, r, lanes);
    storeLanes(gates + row + at, z, lanes);
    storeLanes(gates + 2 * row + at, n, lanes);
    storeLanes(gates + 3 * row + at, recurrent, lanes);
    storeLanes(h + at, out, lanes);
    storeLanes(y + at, out, lanes);
  }
}

/**
 * Its gradient, backward in time.
 *
 * @param dx takes the gradient at `x`
 * @param du takes the gradient at what the previous state adds, `[batch, time, 3 hidden]`
 * @param dh holds the gradient at the last state and is left with that at the first
 * @param z room for `[batch, hidden]`
 */
export function gruGradient(
  weight: usize,
  initial: usize,
  y: usize,
  gates: usize,
  dy: usize,
  dx: usize,
  du: usize,
  dh: usize,
  lengths: usize,
  z: usize,
  panels: usize,
  batch: i32,
  whole: i32,
  time: i32,
  hidden: i32,
  isReversed: bool,
): void {
  const row = (<usize>hidden) << 2;
  const step = 3 * <i32>row * time;
  layOut(weight, panels, whole, 3 * hidden, hidden, true);
  for (let n = time - 1; n >= 0; n--) {
    const t = isReversed ? time - 1 - n : n;
    const earlier = isReversed ? t + 1 : t - 1;
    for (let b = 0; b < batch; b++) {
      const length = load<i32>(lengths + ((<usize>b) << 2));
      const at = <usize>(b * time + t) * row;
      if (t >= length) {
        memory.fill(dx + 3 * at, 0, 3 * row);
        memory.fill(du + 3 * at, 0, 3 * row);
        continue;
      }
      const own = <usize>b * row;
      const isFirst = earlier < 0 || earlier >= length;
      const before = isFirst ? initial + own : y + <usize>(b * time + earlier) * row;
      timeStepGradient(gates + 4 * at, before, dy + at, dx + 3 * at, du + 3 * at, dh + own, row);
    }
    const from = du + 3 * <usize>t * row;
    multiplyPart(from, weight, 0, z, panels, batch, whole, step, 3 * hidden, hidden, true);
    for (let b = 0; b < batch; b++) {
      if (t < load<i32>(lengths + ((<usize>b) << 2))) addRow(dh + <usize>b * row, z + <usize>b * row, row);
    }
  }
}

/** The gradients of one time step. `dh` then holds `z · (dh + dy)`, the part of the previous state's gradient that skips the recurrent weights. */
function timeStepGradient(
  gates: usize,
  previous: usize,
  dy: usize,
  dx: usize,
  du: usize,
  dh: usize,
  row: usize,
): void {
  const one = f32x4.splat(1);
  for (let at: usize = 0; at < row; at += 16) {
    const lanes = <i32>((row - at) >> 2);
    const r = loadLanes(gates + at, lanes);
    const z = loadLanes(gates + row + at, lanes);
    const n = loadLanes(gates + 2 * row + at, lanes);
    const out = f32x4.add(loadLanes(dh + at, lanes), loadLanes(dy + at, lanes));
    const dn = f32x4.mul(f32x4.mul(out, f32x4.sub(one, z)), f32x4.sub(one, f32x4.mul(n, n)));
    const past = f32x4.sub(loadLanes(previous + at, lanes), n);
    const dz = f32x4.mul(f32x4.mul(out, past), f32x4.mul(z, f32x4.sub(one, z)));
    const recurrent = loadLanes(gates + 3 * row + at, lanes);
    const dr = f32x4.mul(f32x4.mul(dn, recurrent), f32x4.mul(r, f32x4.sub(one, r)));
    storeLanes(dx + at, dr, lanes);
    storeLanes(dx + row + at, dz, lanes);
    storeLanes(dx + 2 * row + at, dn, lanes);
    storeLanes(du + at, dr, lanes);
    storeLanes(du + row + at, dz, lanes);
    storeLanes(du + 2 * row + at, f32x4.mul(dn, r), lanes);
    storeLanes(dh + at, f32x4.mul(out, z), lanes);
  }
}

function addRow(to: usize, from: usize, row: usize): void {
  for (let at: usize = 0; at < row; at += 16) {
    const lanes = <i32>((row - at) >> 2);
    storeLanes(to + at, f32x4.add(loadLanes(to + at, lanes), loadLanes(from + at, lanes)), lanes);
  }
}
