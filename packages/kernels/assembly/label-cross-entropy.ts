import { exp } from "./parts/exp";
import { firstLanes, loadLanes, storeLanes } from "./parts/lanes";
import { logOfOne } from "./parts/log-of-one";

/**
 * The cross-entropy of each row of `x` with its label, 0 for the label `ignored`, infinite for one outside of the classes: see `PellucidLabelCrossEntropy` in the core.
 */
export function labelCrossEntropy(
  x: usize,
  labels: usize,
  losses: usize,
  rows: i32,
  classes: i32,
  ignored: f64,
  smoothing: f64,
): void {
  const row = (<usize>classes) << 2;
  for (let r = 0; r < rows; r++, x += row, labels += 4, losses += 4) {
    const label = load<i32>(labels);
    if (<f64>label == ignored) {
      store<f32>(losses, 0);
      continue;
    }
    const top = <f64>highest(x, classes);
    const kept: f64 = <u32>label < <u32>classes ? <f64>load<f32>(x + ((<usize>label) << 2)) - top : -Infinity;
    let loss = logOfOne(totalOf(x, 0, classes, <f32>top)) - (1 - smoothing) * kept;
    if (smoothing != 0) loss -= smoothing * (meanOf(x, classes) - top);
    store<f32>(losses, <f32>loss);
  }
}

/** The gradient at `x`: the softmax less what was wanted, times the gradient at the loss. */
export function labelCrossEntropyGradient(
  x: usize,
  labels: usize,
  dy: usize,
  dx: usize,
  rows: i32,
  classes: i32,
  ignored: f64,
  smoothing: f64,
): void {
  const row = (<usize>classes) << 2;
  const rest = <f32>(smoothing / <f64>classes);
  for (let r = 0; r < rows; r++, x += row, dx += row, labels += 4, dy += 4) {
    const label = load<i32>(labels);
    const weight: f32 = <f64>label == ignored ? 0 : load<f32>(dy);
    const total = <f32>totalOf(x, dx, classes, highest(x, classes));
    const own = dx + ((<usize>label) << 2);
    const isInside = <u32>label < <u32>classes;
    const ofLabel: f32 = isInside ? load<f32>(own) / total - <f32>(1 - smoothing + <f64>rest) : 0;
    for (let left = classes, at = dx; left > 0; left -= 4, at += 16) {
      const share = f32x4.div(loadLanes(at, left), f32x4.splat(total));
      storeLanes(at, f32x4.mul(f32x4.sub(share, f32x4.splat(rest)), f32x4.splat(weight)), left);
    }
    if (isInside) store<f32>(own, ofLabel * weight);
  }
}

/** Without what is not a number: the sum of the powers is none then. */
function highest(x: usize, count: i32): f32 {
  let tops = f32x4.splat(-Infinity);
  for (; count >= 4; count -= 4, x += 16) tops = f32x4.pmax(tops, v128.load(x));
  if (count > 0) tops = f32x4.pmax(tops, firstLanes(loadLanes(x, count), count, -Infinity));
  return max(
    max<f32>(f32x4.extract_lane(tops, 0), f32x4.extract_lane(tops, 1)),
    max<f32>(f32x4.extract_lane(tops, 2), f32x4.extract_lane(tops, 3)),
  );
}

/** `Σ exp(x − top)`, whose terms are written to `powers`, unless that is 0. */
function totalOf(x: usize, powers: usize, count: i32, top: f32): f64 {
  const whole = f32x4.splat(top);
  let total: f64 = 0;
  while (count > 0) {
    let sums = f32x4.splat(0);
    const end = max(0, count - FEW);
    for (; count >= end + 4; count -= 4, x += 16) {
      const power = exp(f32x4.sub(v128.load(x), whole));
      if (powers != 0) {
        v128.store(powers, power);
        powers += 16;
      }
      sums = f32x4.add(sums, power);
    }
    for (; count > end; count -= 4, x += 16) {
      const power = exp(f32x4.sub(loadLanes(x, count), whole));
      if (powers != 0) {
        storeLanes(powers, power, count);
        powers += 16;
      }
      sums = f32x4.add(sums, count >= 4 ? power : firstLanes(power, count, 0));
    }
    total += <f64>f32x4.extract_lane(sums, 0) + <f64>f32x4.extract_lane(sums, 1);
    total += <f64>f32x4.extract_lane(sums, 2) + <f64>f32x4.extract_lane(sums, 3);
  }
  return total;
}

/** So many are added up in 32 bits. */
const FEW: i32 = 64;

function meanOf(x: usize, count: i32): f64 {
  let total: f64 = 0;
  for (let i = 0; i < count; i++, x += 4) total += <f64>load<f32>(x);
  return total / <f64>count;
}
