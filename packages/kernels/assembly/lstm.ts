import { loadLanes, storeLanes } from "./parts/lanes";
import { madd } from "./parts/madd";
import { layOut, multiplyPart } from "./parts/multiply";
import { sigmoid } from "./parts/sigmoid";
import { tanh } from "./parts/tanh";

// A long short-term memory over all time steps of a batch: see `PellucidLstm` in the core. A row of gates has i, f, g and o side by side.

/**
 * @param x what the input adds to the gates, `[batch, time, 4 hidden]`
 * @param weight what the previous state adds, `[hidden, 4 hidden]`
 * @param h holds the first state and is left with the last, `[batch, hidden]`; so does `c`
 * @param lengths the number of time steps of each example
 * @param whole the examples of all parts that threads compute, this one among them
 * @param z room for `[batch, 4 hidden]`
 */
export function lstm(
  x: usize,
  weight: usize,
  h: usize,
  c: usize,
  y: usize,
  gates: usize,
  cells: usize,
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
  layOut(weight, panels, whole, hidden, 4 * hidden, false);
  for (let step = 0; step < time; step++) {
    const t = isReversed ? time - 1 - step : step;
    multiplyPart(h, weight, 0, z, panels, batch, whole, <i32>row, hidden, 4 * hidden, false);
    for (let b = 0; b < batch; b++) {
      const at = <usize>(b * time + t) * row;
      if (t >= load<i32>(lengths + ((<usize>b) << 2))) {
        memory.fill(y + at, 0, row);
        memory.fill(cells + at, 0, row);
        memory.fill(gates + 4 * at, 0, 4 * row);
        continue;
      }
      const own = <usize>b * row;
      timeStep(x + 4 * at, z + 4 * own, h + own, c + own, y + at, gates + 4 * at, cells + at, row);
    }
  }
}

function timeStep(
  x: usize,
  z: usize,
  h: usize,
  c: usize,
  y: usize,
  gates: usize,
  cells: usize,
  row: usize,
): void {
  for (let at: usize = 0; at < row; at += 16) {
    const lanes = <i32>((row - at) >> 2);
    const i = sigmoid(f32x4.add(loadLanes(x + at, lanes), loadLanes(z + at, lanes)));
    const f = sigmoid(f32x4.add(loadLanes(x + row + at, lanes), loadLanes(z + row + at, lanes)));
    const g = tanh(f32x4.add(loadLanes(x + 2 * row + at, lanes), loadLanes(z + 2 * row + at, lanes)));
    const o = sigmoid(f32x4.add(loadLanes(x + 3 * row + at, lanes), loadLanes(z + 3 * row + at, lanes)));
    const cell = madd(f32x4.mul(i, g), f, loadLanes(c + at, lanes));
    const out = f32x4.mul(o, tanh(cell));
    storeLanes(gates + at, i, lanes);
    storeLanes(gates + row + at, f, lanes);
    storeLanes(gates + 2 * row + at, g, lanes);
    storeLanes(gates + 3 * row + at, o, lanes);
    storeLanes(cells + at, cell, lanes);
    storeLanes(c + at, cell, lanes);
    storeLanes(h + at, out, lanes);
    storeLanes(y + at, out, lanes);
  }
}

/**
 * Its gradient, backward in time.
 *
 * @param dx takes the gradient at `x`, which is that at the gates
 * @param dh holds the gradient at the last state and is left with that at the first; so does `dc`
 * @param z room for `[batch, hidden]`
 */
export function lstmGradient(
  weight: usize,
  initial: usize,
  gates: usize,
  cells: usize,
  dy: usize,
  dx: usize,
  dh: usize,
  dc: usize,
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
  const step = 4 * <i32>row * time;
  layOut(weight, panels, whole, 4 * hidden, hidden, true);
  for (let n = time - 1; n >= 0; n--) {
    const t = isReversed ? time - 1 - n : n;
    const earlier = isReversed ? t + 1 : t - 1;
    for (let b = 0; b < batch; b++) {
      const length = load<i32>(lengths + ((<usize>b) << 2));
      const at = <usize>(b * time + t) * row;
      if (t >= length) {
        memory.fill(dx + 4 * at, 0, 4 * row);
        continue;
      }
      const own = <usize>b * row;
      const isFirst = earlier < 0 || earlier >= length;
      const before = isFirst ? initial + own : cells + <usize>(b * time + earlier) * row;
      timeStepGradient(gates + 4 * at, cells + at, before, dy + at, dx + 4 * at, dh + own, dc + own, row);
    }
    const from = dx + 4 * <usize>t * row;
    multiplyPart(from, weight, 0, z, panels, batch, whole, step, 4 * hidden, hidden, true);
    for (let b = 0; b < batch; b++) {
      if (t >= load<i32>(lengths + ((<usize>b) << 2))) continue;
      memory.copy(dh + <usize>b * row, z + <usize>b * row, row);
    }
  }
}

function timeStepGradient(
  gates: usize,
  cells: usize,
  previous: usize,
  dy: usize,
  dx: usize,
  dh: usize,
  dc: usize,
  row: usize,
): void {
  const one = f32x4.splat(1);
  for (let at: usize = 0; at < row; at += 16) {
    const lanes = <i32>((row - at) >> 2);
    const i = loadLanes(gates + at, lanes);
    const f = loadLanes(gates + row + at, lanes);
    const g = loadLanes(gates + 2 * row + at, lanes);
    const o = loadLanes(gates + 3 * row + at, lanes);
    const out = f32x4.add(loadLanes(dh + at, lanes), loadLanes(dy + at, lanes));
    const squashed = tanh(loadLanes(cells + at, lanes));
    const gradient = f32x4.mul(f32x4.mul(out, o), f32x4.sub(one, f32x4.mul(squashed, squashed)));
    const cell = f32x4.add(loadLanes(dc + at, lanes), gradient);
    const di = f32x4.mul(f32x4.mul(cell, g), f32x4.mul(i, f32x4.sub(one, i)));
    const df = f32x4.mul(f32x4.mul(cell, loadLanes(previous + at, lanes)), f32x4.mul(f, f32x4.sub(one, f)));
    const dg = f32x4.mul(f32x4.mul(cell, i), f32x4.sub(one, f32x4.mul(g, g)));
    const dOut = f32x4.mul(f32x4.mul(out, squashed), f32x4.mul(o, f32x4.sub(one, o)));
    storeLanes(dx + at, di, lanes);
    storeLanes(dx + row + at, df, lanes);
    storeLanes(dx + 2 * row + at, dg, lanes);
    storeLanes(dx + 3 * row + at, dOut, lanes);
    storeLanes(dc + at, f32x4.mul(cell, f), lanes);
  }
}
