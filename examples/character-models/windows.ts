// How a text becomes batches: windows at random, windows evenly spread, or a dozen streams that continue from batch to batch.
import { batches, type Batches, type BatchSource, type Batch, type Rng } from "@pellucid/core-train";
import type { Tensor2D } from "@tensorflow/tfjs-core";

/** Tokens, `[batch, time]`, and those that follow each of them. */
export type TextBatch = Batch<Tensor2D, Tensor2D>;

const windowAt = (tokens: Int32Array, start: number, window: number) => ({
  x: tokens.subarray(start, start + window),
  y: tokens.subarray(start + 1, start + window + 1),
});

/** Windows at random, as many batches as `steps` says each time. */
export function randomWindows(
  tokens: Int32Array,
  { size, window, steps, rng }: { size: number; window: number; steps: () => number; rng: Rng },
): BatchSource<TextBatch> {
  const drawn = {
    async *[Symbol.asyncIterator]() {
      for (let left = steps(); left > 0; left--)
        for (const start of rng.randint(0, tokens.length - window, [size]).data)
          yield await Promise.resolve(windowAt(tokens, Number(start), window));
    },
  };
  return batches(drawn, { size });
}

/** Up to `count` windows, evenly spread. */
export function spreadWindows(
  tokens: Int32Array,
  { size, window, count }: { size: number; window: number; count: number },
): Batches<TextBatch> {
  const length = Math.min(count, Math.floor((tokens.length - 1) / window));
  const gap = Math.floor((tokens.length - window - 1) / Math.max(1, length - 1));
  return batches({ length, get: (i) => windowAt(tokens, i * gap, window) }, { size });
}

/** The text in `size` streams side by side: each row of a batch continues the same row of the batch before. */
export function streams(
  tokens: Int32Array,
  { size, window }: { size: number; window: number },
): Batches<TextBatch> {
  const each = Math.floor((tokens.length - 1) / size);
  const length = size * Math.floor(each / window);
  const get = (i: number) => windowAt(tokens, (i % size) * each + Math.floor(i / size) * window, window);
  return batches({ length, get }, { size });
}
