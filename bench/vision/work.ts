import { Rng } from "@pellucid/core-train";

// The work that both sides do, of numbers from one seed: PyTorch's generator gives the same.

/** Boxes `x1, y1, x2, y2` in a picture of 1000×1000, of which many overlap, and their scores. */
export function manyBoxes(count: number): { readonly boxes: Float32Array; readonly scores: Float32Array } {
  const rng = new Rng(0);
  const { data } = rng.rand([count, 4]);
  const boxes = data.map((value, i) => {
    const corner = (data[i - (i % 4) + (i % 2)] ?? NaN) * 700;
    return i % 4 < 2 ? corner : corner + 100 + value * 200;
  });
  return { boxes, scores: rng.rand([count]).data };
}

/** What {@link manyBoxes} are suppressed by. */
export const iouThreshold = 0.5;

/** A map of a pyramid, and regions on it. */
export const pooling = { size: 64, channels: 64, regions: 256, output: 7, samplingRatio: 2 } as const;

/** The net and its batch. */
export const unet = { channels: 16, depth: 4, classes: 2, batch: 4, size: 64, learningRate: 1e-3 } as const;

/** What each network sees. */
export const nets = { batch: 2, size: 64, learningRate: 1e-4 } as const;
