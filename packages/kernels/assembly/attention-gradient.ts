import { addressIn } from "./parts/address-in";
import { exp } from "./parts/exp";
import { loadLanes, storeLanes, sumOfLanes } from "./parts/lanes";
import { layOutLong, multiplyLong } from "./parts/long-multiply";
import { madd } from "./parts/madd";
import { layOut, multiply } from "./parts/multiply";
import { NEXT } from "./parts/long-sums";
import { addProducts, sumColumns, takeSums } from "./parts/products";

/**
 * The gradients of `attention` at query, key and value, `block` queries of a head at a time: see `PellucidAttentionGradient` in the core.
 *
 * @param strides those of `attention`
 * @param weights room for `[block, key]`; so is `scores`
 * @param offsets room for `[key]`
 * @param keySums room for `[key, sumColumns(feature)]` in 64 bits
 * @param valueSums room for `[key, sumColumns(width)]` in 64 bits
 * @param keyPanels room for the panels of `kᵀ`; `valuePanels` for those of `vᵀ`, `panels` for those of `k`
 * @param parts room for `[block, feature]`; `sums` for as many numbers of 64 bits
 * @param packed room for both tables of `block` rows: see `packedRoom`
 */
export function attentionGradient(
  q: usize,
  k: usize,
  v: usize,
  bias: usize,
  dropoutMask: usize,
  y: usize,
  denominators: usize,
  dy: usize,
  dDenominators: usize,
  dq: usize,
  dk: usize,
  dv: usize,
  strides: usize,
  weights: usize,
  scores: usize,
  offsets: usize,
  keySums: usize,
  valueSums: usize,
  keyPanels: usize,
  valuePanels: usize,
  panels: usize,
  parts: usize,
  sums: usize,
  packed: usize,
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
  const wide = width << 2;
  for (let i = 0; i < keys; i++) store<i32>(offsets + ((<usize>i) << 2), i << 2);
  for (let b = 0; b < batch; b++) {
    for (let group = 0; group < groups; group++, k += row * features, v += row * width) {
      layOut(k, keyPanels, queries, features, keys, true);
      layOut(v, valuePanels, queries, width, keys, true);
      layOutLong(k, panels, queries, keys, features);
      memory.fill(keySums, 0, 2 * row * sumColumns(features));
      memory.fill(valueSums, 0, 2 * row * sumColumns(width));
      for (let h = (group * heads) / groups; h < ((group + 1) * heads) / groups; h++) {
        for (let first = 0; first < queries; first += block) {
          const count = min(block, queries - first);
          multiply(q, k, 0, weights, keyPanels, count, step, features, keys, true);
          multiply(dy, v, 0, scores, valuePanels, count, wide, width, keys, true);
          for (let i = 0; i < count; i++, denominators += 4, dDenominators += 4, y += wide) {
            const query = first + i;
            const visible = offset < 0 ? keys : min(keys, offset + query + 1);
            const own: usize = bias == 0 ? <usize>0 : bias + addressIn(strides, b, h, query);
            const mask: usize =
              dropoutMask == 0 ? <usize>0 : dropoutMask + addressIn(strides + 16, b, h, query);
            const at = <usize>i * row;
            turnBack(
              weights + at,
              scores + at,
              own,
              load<i32>(strides, 12),
              mask,
              load<i32>(strides, 28),
              visible,
              scale,
              load<f32>(denominators),
              dot(dy + <usize>(i * wide), y, width) - load<f32>(dDenominators),
            );
            const seen = (<usize>visible) << 2;
            memory.fill(weights + at + seen, 0, row - seen);
            memory.fill(scores + at + seen, 0, row - seen);
          }
          addProducts(
            weights,
            offsets,
            keys,
            dy,
            width,
            valueSums,
            1,
            1,
            count,
            0,
            0,
            <i32>row,
            wide,
            packed,
            dv,
            wide,
            NEXT,
          );
          addProducts(
            scores,
            offsets,
            keys,
            q,
            features,
            keySums,
            1,
            1,
            count,
            0,
            0,
            <i32>row,
            step,
            packed,
            dk,
            step,
            NEXT,
          );
          multiplyLong(scores, k, dq, panels, parts, sums, count, <i32>row, keys, features);
          q += <usize>(count * step);
          dq += <usize>(count * step);
          dy += <usize>(count * wide);
        }
      }
      takeSums(keySums, dk, keys, features, features);
      takeSums(valueSums, dv, keys, width, width);
      dk += row * features;
      dv += row * width;
    }
  }
}

/** From products of a query and from gradients at its weights, in place, to its weights after dropout and to the gradients at the products. */
function turnBack(
  weights: usize,
  scores: usize,
  bias: usize,
  biasStep: i32,
  dropoutMask: usize,
  dropoutStep: i32,
  count: i32,
  scale: f32,
  denominator: f32,
  mean: f32,
): void {
  const factor = f32x4.splat(scale);
  const whole = f32x4.splat(denominator);
  const average = f32x4.splat(mean);
  const lowest = f32x4.splat(-87);
  if (bias == 0 && dropoutMask == 0) {
    for (; count >= 4; count -= 4, weights += 16, scores += 16) {
      const below = f32x4.sub(f32x4.mul(v128.load(weights), factor), whole);
      const weight = v128.andnot(exp(below), f32x4.lt(below, lowest));
      v128.store(weights, weight);
      v128.store(scores, f32x4.mul(f32x4.mul(weight, f32x4.sub(v128.load(scores), average)), factor));
    }
  }
  for (; count > 0; count -= 4, weights += 16, scores += 16, bias += biasStep << 2) {
    let score = f32x4.mul(loadLanes(weights, count), factor);
    if (bias != 0) score = f32x4.add(score, biasStep == 0 ? v128.load32_splat(bias) : loadLanes(bias, count));
    const below = f32x4.sub(score, whole);
    const weight = v128.andnot(exp(below), f32x4.lt(below, lowest)); // exactly 0 where nothing is left
    let kept = weight;
    let gradient = loadLanes(scores, count);
    if (dropoutMask != 0) {
      const mask = dropoutStep == 0 ? v128.load32_splat(dropoutMask) : loadLanes(dropoutMask, count);
      kept = f32x4.mul(weight, mask);
      gradient = f32x4.mul(gradient, mask);
      dropoutMask += dropoutStep << 2;
    }
    storeLanes(weights, kept, count);
    storeLanes(scores, f32x4.mul(f32x4.mul(weight, f32x4.sub(gradient, average)), factor), count);
  }
}

function dot(a: usize, b: usize, count: i32): f32 {
  let sum = f32x4.splat(0);
  for (; count > 0; count -= 4, a += 16, b += 16) sum = madd(sum, loadLanes(a, count), loadLanes(b, count));
  return sumOfLanes(sum);
}
