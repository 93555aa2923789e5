import { addressIn } from "./parts/address-in";
import { foldToDoubles, sumOfDoubles } from "./parts/double";
import { exp } from "./parts/exp";
import { firstLanes, loadLanes, storeLanes } from "./parts/lanes";
import { logOfOne } from "./parts/log-of-one";
import { layOutLong, multiplyLong } from "./parts/long-multiply";
import { layOut, multiply } from "./parts/multiply";

/** Scores below this are masked: see `attention-mask.ts` of the core. */
const LOWEST: f32 = -5e29;

/**
 * `softmax(scale q kᵀ + bias) v` for every head, `block` queries at a time, and the logarithm of each softmax's denominator: see `PellucidAttention` in the
 * core.
 *
 * @param bias added to the scores, or 0 for none; the weights are multiplied by `dropoutMask`, or 0 for none
 * @param strides bytes from one to the next along each axis of `bias`, then of `dropoutMask`: `[batch, head, query, key]`
 * @param scores room for `[block, key]`
 * @param keyPanels room for the panels of `kᵀ`; `panels` for those of `v`
 * @param parts room for `[block, width]`; `sums` for as many numbers of 64 bits
 * @param offset the position of the first query among the keys, for a causal mask; −1 for none
 */
export function attention(
  q: usize,
  k: usize,
  v: usize,
  bias: usize,
  dropoutMask: usize,
  y: usize,
  denominators: usize,
  strides: usize,
  scores: usize,
  keyPanels: usize,
  panels: usize,
  parts: usize,
  sums: usize,
  batch: i32,
  heads: i32,
  groups: i32,
  queries: i32,
  keys: i32,
  features: i32,
  width: i32,
  block: i32,
  offset: i32,
  scale: f32,
): void {
  const row = (<usize>keys) << 2;
  const step = features << 2;
  for (let b = 0; b < batch; b++) {
    for (let group = 0; group < groups; group++, k += row * features, v += row * width) {
      layOut(k, keyPanels, queries, features, keys, true);
      layOutLong(v, panels, queries, keys, width);
      for (let h = (group * heads) / groups; h < ((group + 1) * heads) / groups; h++) {
        for (let first = 0; first < queries; first += block) {
          const count = min(block, queries - first);
          multiply(q, k, 0, scores, keyPanels, count, step, features, keys, true);
          for (let i = 0; i < count; i++, denominators += 4) {
            const query = first + i;
            const visible = offset < 0 ? keys : min(keys, offset + query + 1);
            const own: usize = bias == 0 ? <usize>0 : bias + addressIn(strides, b, h, query);
            const mask: usize =
              dropoutMask == 0 ? <usize>0 : dropoutMask + addressIn(strides + 16, b, h, query);
            const at = scores + <usize>i * row;
            store<f32>(
              denominators,
              share(at, own, load<i32>(strides, 12), mask, load<i32>(strides, 28), visible, scale),
            );
            const seen = (<usize>visible) << 2;
            memory.fill(at + seen, 0, row - seen);
          }
          multiplyLong(scores, v, y, panels, parts, sums, count, <i32>row, keys, width);
          q += <usize>(count * step);
          y += (<usize>(count * width)) << 2;
        }
      }
    }
  }
}

/** Turns scores into weights, in place. Returns the logarithm of the softmax denominator, or 0 where every key is masked. */
function share(
  scores: usize,
  bias: usize,
  biasStep: i32,
  dropoutMask: usize,
  dropoutStep: i32,
  count: i32,
  scale: f32,
): f32 {
  const factor = f32x4.splat(scale);
  let tops = f32x4.splat(-Infinity);
  let left = count;
  let at = scores;
  if (bias == 0) {
    for (; left >= 4; left -= 4, at += 16) {
      const score = f32x4.mul(v128.load(at), factor);
      v128.store(at, score);
      tops = f32x4.pmax(tops, score);
    }
  }
  for (let from = bias; left > 0; left -= 4, at += 16, from += biasStep << 2) {
    let score = f32x4.mul(loadLanes(at, left), factor);
    if (bias != 0) score = f32x4.add(score, biasStep == 0 ? v128.load32_splat(from) : loadLanes(from, left));
    storeLanes(at, score, left);
    tops = f32x4.pmax(tops, left >= 4 ? score : firstLanes(score, left, -Infinity));
  }
  const top = max(
    max<f32>(f32x4.extract_lane(tops, 0), f32x4.extract_lane(tops, 1)),
    max<f32>(f32x4.extract_lane(tops, 2), f32x4.extract_lane(tops, 3)),
  );
  if (top <= LOWEST && !hasNaN(scores, count)) {
    memory.fill(scores, 0, (<usize>count) << 2);
    return 0;
  }
  const highest = f32x4.splat(top);
  let sums = f64x2.splat(0);
  for (left = count, at = scores; left >= 4; left -= 4, at += 16) {
    const power = powerOf(f32x4.sub(v128.load(at), highest));
    v128.store(at, power);
    sums = f64x2.add(sums, foldToDoubles(power));
  }
  if (left > 0) {
    const power = firstLanes(powerOf(f32x4.sub(loadLanes(at, left), highest)), left, 0);
    storeLanes(at, power, left);
    sums = f64x2.add(sums, foldToDoubles(power));
  }
  const total = sumOfDoubles(sums);
  const whole = f32x4.splat(<f32>total);
  left = count;
  at = scores;
  if (dropoutMask == 0)
    for (; left >= 4; left -= 4, at += 16) v128.store(at, f32x4.div(v128.load(at), whole));
  for (let from = dropoutMask; left > 0; left -= 4, at += 16, from += dropoutStep << 2) {
    let weight = f32x4.div(loadLanes(at, left), whole);
    if (dropoutMask != 0) {
      weight = f32x4.mul(weight, dropoutStep == 0 ? v128.load32_splat(from) : loadLanes(from, left));
    }
    storeLanes(at, weight, left);
  }
  return top + <f32>logOfOne(total);
}

/** `eˣ` of numbers up to 0; exactly 0 where nothing is left. */
function powerOf(x: v128): v128 {
  return v128.andnot(exp(x), f32x4.lt(x, f32x4.splat(-87)));
}

function hasNaN(x: usize, count: i32): bool {
  for (; count > 0; count--, x += 4) if (load<f32>(x) != load<f32>(x)) return true;
  return false;
}
