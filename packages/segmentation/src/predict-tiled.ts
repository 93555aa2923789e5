import { checkChoice, checkSizes, checkShape, type Layer, OptionError, pad } from "@pellucid/core-train";
import { slice, type Tensor4D, tensor4d, tidy } from "@tensorflow/tfjs-core";
import { logitsOf } from "./logits-of.ts";
import type { SegmentationOutput } from "./segmentation-output.ts";

/** Options for {@link predictTiled}. */
export interface PredictTiledOptions {
  /** Height and width of a tile. Default: 256. */
  readonly size?: number;
  /** How many pixels neighboring tiles share, at least; an even number. Default: 64. */
  readonly overlap?: number;
  /**
   * What becomes of pixels of several tiles: `"crop"` takes that of the tile in which they are farthest from the border, `"average"` averages, weighted by that distance.
   * Default: `"average"`.
   */
  readonly blend?: "crop" | "average";
  /** The distance of tiles is a multiple of this: that of the model's strides, so that its poolings see the same pixels in all tiles. Default: 16. */
  readonly multiple?: number;
  /** Called after each tile. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Ends the work with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * The logits of a picture that is too large for a model or for the memory, tile by tile with overlap. Only one tile is on the backend at a time.
 *
 * A picture smaller than a tile is padded with zeros, and the result cropped. If the overlap is at least twice the model's receptive radius, `"crop"` gives the same logits as the whole picture would but near
 * its border.
 *
 * @param image `[1, height, width, channel]`
 * @returns logits `[1, height, width, class]`
 */
export async function predictTiled(
  model: Layer<Tensor4D, Tensor4D | SegmentationOutput>,
  image: Tensor4D,
  options: PredictTiledOptions = {},
): Promise<Tensor4D> {
  const { size = 256, overlap = 64, blend = "average", multiple = 16, onProgress, signal } = options;
  checkShape("predictTiled", "image", image, [1, "height", "width", "channel"], "One picture at a time.");
  checkSizes("predictTiled", { size, multiple });
  checkSizes("predictTiled", { overlap }, 0);
  checkChoice("predictTiled", "blend", blend, ["crop", "average"]);
  if (size % multiple !== 0) throw new OptionError("predictTiled", "size", size, `a multiple of ${multiple}`);
  if (overlap > size / 2)
    throw new OptionError("predictTiled", "overlap", overlap, `at most half of the size, ${size / 2}`);
  const [, height, width, channels] = image.shape;
  const step = Math.max(multiple, Math.floor((size - overlap) / multiple) * multiple);
  const rows = startsOf(height, size, step);
  const columns = startsOf(width, size, step);
  let logits: Float64Array | null = null;
  let classes = 0;
  const weights = new Float64Array(height * width);
  let done = 0;
  for (const top of rows)
    for (const left of columns) {
      signal?.throwIfAborted();
      const tile = tidy(() => {
        const tall = Math.min(size, height - top);
        const wide = Math.min(size, width - left);
        const part = slice(image, [0, top, left, 0], [1, tall, wide, channels]); // [1, tall, wide, channel]
        const padded = pad(part, [
          [0, 0],
          [0, size - tall],
          [0, size - wide],
          [0, 0],
        ]); // [1, size, size, channel]
        return logitsOf(model.forward(padded)); //                                    [1, size, size, class]
      });
      try {
        checkShape("predictTiled", "the model's output", tile, [1, size, size, "class"]);
        classes = tile.shape[3];
        const data = await tile.data();
        logits ??= new Float64Array(height * width * classes);
        for (let y = 0; y < Math.min(size, height - top); y++)
          for (let x = 0; x < Math.min(size, width - left); x++) {
            const at = (top + y) * width + left + x;
            const weight = depth(y, top, size, height) * depth(x, left, size, width);
            if (blend === "crop" && weight <= (weights[at] ?? NaN)) continue;
            const isFirst = blend === "crop";
            weights[at] = isFirst ? weight : (weights[at] ?? NaN) + weight;
            for (let c = 0; c < classes; c++) {
              const value = data[(y * size + x) * classes + c] ?? NaN;
              const old = logits[at * classes + c] ?? NaN;
              logits[at * classes + c] = isFirst ? value : old + weight * value;
            }
          }
      } finally {
        tile.dispose();
      }
      onProgress?.(++done, rows.length * columns.length);
    }
  const sums = logits ?? new Float64Array(0);
  const result =
    blend === "crop" ? sums : sums.map((sum, i) => sum / (weights[Math.floor(i / classes)] ?? NaN));
  return tensor4d(Float32Array.from(result), [1, height, width, classes]);
}

/** Where tiles begin: each `step` after the previous one, until the end is covered. */
function startsOf(length: number, size: number, step: number): number[] {
  const count = Math.max(1, Math.ceil((length - size) / step) + 1);
  return Array.from({ length: count }, (_, i) => i * step);
}

/** How far a pixel is from the tile's ends, but for those that are the picture's own. */
function depth(i: number, start: number, size: number, length: number): number {
  const before = start === 0 ? size : i + 1;
  const after = start + size >= length ? size : size - i;
  return Math.min(before, after);
}
