import { exp } from "./exp";
import { firstLanes, loadLanes, storeLanes, sumOfLanes } from "./lanes";
import { layOut, multiply } from "./mat-mul";

/** Scores below this are blocked: see `attention-mask.ts` of the transformer package. */
const LOWEST: f32 = -5e29;

/**
 * `softmax(scale q kᵀ + bias) v` for every head, and the logarithm of each softmax's denominator: see `PellucidAttention` in the
 * transformer package.
 *
 * @param bias added to the scores, or 0 for none; `kept`, by which weights are multiplied, likewise
 * @param strides bytes from one to the next along each axis of `bias`, then of `kept`: `[batch, head, query, key]`
 * @param scores room for `[query, key]`
 * @param past how many keys the first query may look at beside its own; −1 where all may look at all
 */
export function attention(
  q: usize,
  k: usize,
  v: usize,
  bias: usize,
  kept: usize,
  y: usize,
  denominators: usize,
  strides: usize,
  scores: usize,
  panels: usize,
  taps: usize,
  places: usize,
  batch: i32,
  heads: i32,
  groups: i32,
  queries: i32,
  keys: i32,
  features: i32,
  width: i32,
  past: i32,
  scale: f32,
): void {
  const row = (<usize>keys) << 2;
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      const group = <usize>(b * groups + h / (heads / groups));
      const fromK = k + group * row * features;
      const fromV = v + group * row * width;
      const step = features << 2;
      layOut(fromK, panels, taps, places, queries, step, features, keys, true);
      multiply(q, fromK, 0, scores, panels, taps, places, queries, step, features, keys, true);
      for (let i = 0; i < queries; i++, denominators += 4) {
        const visible = past < 0 ? keys : min(keys, past + i + 1);
        const own: usize = bias == 0 ? <usize>0 : bias + placeOf(strides, b, h, i);
        const mask: usize = kept == 0 ? <usize>0 : kept + placeOf(strides + 16, b, h, i);
        const at = scores + <usize>i * row;
        store<f32>(
          denominators,
          share(at, own, load<i32>(strides, 12), mask, load<i32>(strides, 28), visible, scale),
        );
        const seen = (<usize>visible) << 2;
        memory.fill(at + seen, 0, row - seen);
      }
      layOut(fromV, panels, taps, places, queries, <i32>row, keys, width, false);
      multiply(scores, fromV, 0, y, panels, taps, places, queries, <i32>row, keys, width, false);
      q += (<usize>(queries * features)) << 2;
      y += (<usize>(queries * width)) << 2;
    }
  }
}

/** Makes scores weights, in place. Returns the logarithm of what they were divided by, or 0 where all are blocked. */
function share(
  scores: usize,
  bias: usize,
  biasStep: i32,
  kept: usize,
  keptStep: i32,
  count: i32,
  scale: f32,
): f32 {
  const factor = f32x4.splat(scale);
  let tops = f32x4.splat(-Infinity);
  for (let left = count, at = scores, from = bias; left > 0; left -= 4, at += 16, from += biasStep << 2) {
    let score = f32x4.mul(loadLanes(at, left), factor);
    if (bias != 0) score = f32x4.add(score, biasStep == 0 ? v128.load32_splat(from) : loadLanes(from, left));
    storeLanes(at, score, left);
    tops = f32x4.max(tops, left >= 4 ? score : firstLanes(score, left, -Infinity));
  }
  const top = max(
    max<f32>(f32x4.extract_lane(tops, 0), f32x4.extract_lane(tops, 1)),
    max<f32>(f32x4.extract_lane(tops, 2), f32x4.extract_lane(tops, 3)),
  );
  if (top <= LOWEST) {
    memory.fill(scores, 0, (<usize>count) << 2);
    return 0;
  }
  const highest = f32x4.splat(top);
  let sums = f32x4.splat(0);
  for (let left = count, at = scores; left > 0; left -= 4, at += 16) {
    const below = f32x4.sub(loadLanes(at, left), highest);
    const power = v128.andnot(exp(below), f32x4.lt(below, f32x4.splat(-87))); // exactly 0 where nothing is left
    const shares = left >= 4 ? power : firstLanes(power, left, 0);
    storeLanes(at, shares, left);
    sums = f32x4.add(sums, shares);
  }
  const total = sumOfLanes(sums);
  const whole = f32x4.splat(total);
  for (let left = count, at = scores, from = kept; left > 0; left -= 4, at += 16, from += keptStep << 2) {
    let weight = f32x4.div(loadLanes(at, left), whole);
    if (kept != 0) {
      weight = f32x4.mul(weight, keptStep == 0 ? v128.load32_splat(from) : loadLanes(from, left));
    }
    storeLanes(at, weight, left);
  }
  return top + <f32>Math.log(total);
}

/** Where the numbers of a query are, in bytes. */
function placeOf(strides: usize, b: i32, h: i32, i: i32): usize {
  return <usize>(b * load<i32>(strides) + h * load<i32>(strides, 4) + i * load<i32>(strides, 8));
}
