import type { Rng } from "../rng/rng.ts";
import { beta } from "../rng/beta.ts";
import { drawInteger } from "./draw-number.ts";
import {
  checkAlpha,
  type CollatedBatch,
  labeledOf,
  type MixedBatch,
  mixLabels,
  type MixOptions,
} from "./labeled-batch.ts";
import { checkOptions } from "../check-options.ts";

/**
 * Puts a rectangle of the image before it, the same for all of the batch, into each image, and shares the label by area,
 * torchvision's `CutMix`. Yun et al., 2019, eq. 1 and 2. https://arxiv.org/abs/1905.04899
 */
export function cutMix(options: MixOptions = {}): (batch: CollatedBatch, rng: Rng) => MixedBatch {
  checkOptions("cutMix", options, ["alpha", "classes"]);
  const { alpha = 1, classes } = options;
  checkAlpha("cutMix", alpha);
  return (collated, rng) => {
    const batch = labeledOf("cutMix", collated);
    const { data, shape } = batch.x;
    const [count, height, width, channels] = shape;
    const reach = 0.5 * Math.sqrt(1 - beta(alpha, rng));
    const [left, right] = around(drawInteger(0, width, rng), reach, width);
    const [top, bottom] = around(drawInteger(0, height, rng), reach, height);
    const mixed = data.slice();
    const row = width * channels;
    const size = height * row;
    for (let i = 0; i < count; i++) {
      const other = ((i + count - 1) % count) * size;
      for (let y = top; y < bottom; y++) {
        const [from, to] = [y * row + left * channels, y * row + right * channels];
        mixed.set(data.subarray(other + from, other + to), i * size + from);
      }
    }
    const own = 1 - ((right - left) * (bottom - top)) / (width * height);
    return { x: { data: mixed, shape }, y: mixLabels("cutMix", batch, own, classes) };
  };
}

/** As far as `reach`, a part of `size`, on both sides of `middle`. */
function around(middle: number, reach: number, size: number): readonly [from: number, to: number] {
  const half = Math.trunc(reach * size);
  return [Math.max(middle - half, 0), Math.min(middle + half, size)];
}
