import type { Rng } from "../rng/rng.ts";
import { beta } from "../rng/beta.ts";
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
 * Mixes each image of a batch, and its label, with the one before it, torchvision's `MixUp`: `λ x + (1 − λ) x′`, with one `λ`
 * for all of the batch. Zhang et al., 2017, eq. 1. https://arxiv.org/abs/1710.09412
 *
 * ```ts
 * const mix = mixUp({ alpha: 0.2, classes: 10 });
 * batches(images, { size: 64, shuffle: true, rng, collate: (items) => mix(collate(items), rng) });
 * ```
 */
export function mixUp(options: MixOptions = {}): (batch: CollatedBatch, rng: Rng) => MixedBatch {
  checkOptions("mixUp", options, ["alpha", "classes"]);
  const { alpha = 1, classes } = options;
  checkAlpha("mixUp", alpha);
  return (collated, rng) => {
    const batch = labeledOf("mixUp", collated);
    const { data, shape } = batch.x;
    const own = beta(alpha, rng);
    const size = data.length / shape[0];
    const mixed = data.map((x, i) => own * x + (1 - own) * (data.at(i - size) ?? NaN));
    return { x: { data: mixed, shape }, y: mixLabels("mixUp", batch, own, classes) };
  };
}
