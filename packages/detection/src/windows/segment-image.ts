import { checkNotNegative, checkOptions, checkSizes, type Image } from "@pellucid/core-train";
import { checkImage } from "../boxes/check-image.ts";

/** Options for {@link segmentImage}. */
export interface SegmentImageOptions {
  /** How large segments tend to be, in colors from 0 to 255. Default: 200. */
  readonly scale?: number;
  /** The standard deviation by which the image is smoothed, in pixels. Default: 0.8. */
  readonly sigma?: number;
  /** The fewest pixels of a segment. Default: 50. */
  readonly minSize?: number;
}

/** Which segment each pixel belongs to. */
export interface Segments {
  /** `[height, width]`: from 0 to one less than `count`, in the order of their first pixels. */
  readonly labels: Int32Array<ArrayBuffer>;
  readonly count: number;
}

/**
 * Segments an image by a graph of its pixels: neighbors are joined, the most similar first, where their difference is not above those within both segments plus `scale` over their sizes.
 * Felzenszwalb and Huttenlocher, 2004, algorithm 1. https://doi.org/10.1023/B:VISI.0000022288.19776.77
 *
 * @throws {StructError} for what is not an image
 * @throws {ShapeError} for one of another number of axes
 * @throws {OptionError} for a wrong option
 */
export function segmentImage(image: Image, options: SegmentImageOptions = {}): Segments {
  checkOptions("segmentImage", options, ["scale", "sigma", "minSize"]);
  const { scale = 200, sigma = 0.8, minSize = 50 } = options;
  checkNotNegative("segmentImage", { scale, sigma });
  checkSizes("segmentImage", { minSize }, 0);
  checkImage("segmentImage", image);
  const [height, width] = image.shape;
  const pixels = smooth(image, sigma);
  const { from, to, weight, order } = edgesOf(pixels, image.shape);
  const parent = Int32Array.from({ length: height * width }, (_, i) => i);
  const size = new Int32Array(height * width).fill(1);
  const threshold = new Float64Array(height * width).fill(scale);
  const root = (i: number): number => {
    let at = i;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at] ?? NaN] ?? NaN;
      at = parent[at] ?? NaN;
    }
    return at;
  };
  const join = (a: number, b: number): number => {
    const [large, small] = (size[a] ?? NaN) >= (size[b] ?? NaN) ? [a, b] : [b, a];
    parent[small] = large;
    size[large] = (size[large] ?? NaN) + (size[small] ?? NaN);
    return large;
  };
  for (const e of order) {
    const [a, b] = [root(from[e] ?? NaN), root(to[e] ?? NaN)];
    const w = weight[e] ?? NaN;
    if (a === b || w > (threshold[a] ?? NaN) || w > (threshold[b] ?? NaN)) continue;
    const joined = join(a, b);
    threshold[joined] = w + scale / (size[joined] ?? NaN);
  }
  for (const e of order) {
    const [a, b] = [root(from[e] ?? NaN), root(to[e] ?? NaN)];
    if (a !== b && Math.min(size[a] ?? NaN, size[b] ?? NaN) < minSize) join(a, b);
  }
  const numbers = new Map<number, number>();
  const labels = Int32Array.from({ length: height * width }, (_, i) => {
    const own = root(i);
    if (!numbers.has(own)) numbers.set(own, numbers.size);
    return numbers.get(own) ?? NaN;
  });
  return { labels, count: numbers.size };
}

/** Colors from 0 to 255, smoothed along both axes; beyond the border is the border. */
function smooth({ data, shape: [height, width, channels] }: Image, sigma: number): Float32Array {
  const reach = Math.ceil(4 * sigma);
  const bell = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    sigma === 0 ? 1 : Math.exp(-0.5 * ((i - reach) / sigma) ** 2),
  );
  const total = bell.reduce((sum, share) => sum + share, 0);
  const along = (from: Float32Array, step: (y: number, x: number, offset: number) => number) => {
    const result = new Float32Array(from.length);
    for (let y = 0, at = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < channels; c++, at++)
          for (let k = -reach; k <= reach; k++)
            result[at] =
              (result[at] ?? NaN) +
              ((bell[k + reach] ?? NaN) / total) * (from[step(y, x, k) * channels + c] ?? NaN);
    return result;
  };
  const within = (i: number, size: number) => Math.min(Math.max(i, 0), size - 1);
  const rows = along(
    data.map((color) => 255 * color),
    (y, x, k) => y * width + within(x + k, width),
  );
  return along(rows, (y, x, k) => within(y + k, height) * width + x);
}

/** The pairs of neighbors, also diagonal ones, and their distance in color, by rising distance. */
function edgesOf(pixels: Float32Array, [height, width, channels]: Image["shape"]) {
  const [from, to, weight]: [number[], number[], number[]] = [[], [], []];
  const add = (a: number, b: number) => {
    let sum = 0;
    for (let c = 0; c < channels; c++)
      sum += ((pixels[a * channels + c] ?? NaN) - (pixels[b * channels + c] ?? NaN)) ** 2;
    from.push(a);
    to.push(b);
    weight.push(Math.sqrt(sum));
  };
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      if (x + 1 < width) add(at, at + 1);
      if (y + 1 < height) add(at, at + width);
      if (x + 1 < width && y + 1 < height) add(at, at + width + 1);
      if (x + 1 < width && y > 0) add(at, at - width + 1);
    }
  const order = Int32Array.from(weight.keys()).toSorted(
    (a, b) => (weight[a] ?? NaN) - (weight[b] ?? NaN) || a - b,
  );
  return { from, to, weight, order };
}
