import { checkOptions, checkSizeArray } from "@pellucid/core-train";

/** A square, or height and width. */
type Sides = number | readonly [height: number, width: number];

/** Options for {@link slidingWindows}. */
export interface SlidingWindowsOptions {
  /** Pixels from one window to the next, to the right and down. */
  readonly stride: Sides;
}

/** One size of window, in every position. */
export interface SlidingWindows {
  readonly size: readonly [height: number, width: number];
  /** How many there are, down and to the right. */
  readonly grid: readonly [rows: number, columns: number];
  /** `x1, y1, x2, y2` of each in pixels, row by row. */
  readonly boxes: Float32Array<ArrayBuffer>;
}

function pairOf(name: string, sides: Sides): readonly [number, number] {
  const pair = typeof sides === "number" ? ([sides, sides] as const) : sides;
  checkSizeArray("slidingWindows", name, pair, 2);
  return pair;
}

/**
 * All windows of a size that lie inside an image, from the upper left.
 *
 * @throws {OptionError} for a size or a stride that is not one or two integers above 0
 */
export function slidingWindows(
  imageSize: readonly [height: number, width: number],
  window: Sides,
  options: SlidingWindowsOptions,
): SlidingWindows {
  checkOptions("slidingWindows", options, ["stride"]);
  checkSizeArray("slidingWindows", "imageSize", imageSize, 2);
  const [imageHeight, imageWidth] = imageSize;
  const [height, width] = pairOf("window", window);
  const [down, across] = pairOf("stride", options.stride);
  const rows = Math.max(0, Math.floor((imageHeight - height) / down) + 1);
  const columns = Math.max(0, Math.floor((imageWidth - width) / across) + 1);
  const boxes = Float32Array.from(
    Array.from({ length: rows * columns }, (_, i) => {
      const [x, y] = [(i % columns) * across, Math.floor(i / columns) * down];
      return [x, y, x + width, y + height];
    }).flat(),
  );
  return { size: [height, width], grid: [rows, columns], boxes };
}
