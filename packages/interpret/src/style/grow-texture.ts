import {
  checkArguments,
  checkOptions,
  checkRng,
  checkShape,
  OptionError,
  type Rng,
  yieldToEventLoop,
} from "@pellucid/core-train";
import { type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { checkCount } from "../run/check-count.ts";
import { checkFinite } from "../run/check-finite.ts";
import type { RunOptions } from "../run/run-options.ts";

/** Options for {@link growTexture}. */
export interface GrowTextureOptions extends Pick<RunOptions, "signal" | "onProgress"> {
  /** Random generator for the start, and among positions that fit about as well. */
  readonly rng: Rng;
  readonly size: readonly [height: number, width: number];
  /** How far a pixel looks around itself, odd: larger than what repeats. Default: 7. */
  readonly window?: number;
  /** How much worse than the best a position may fit. Default: 0.1. */
  readonly tolerance?: number;
}

/**
 * More of a texture, pixel by pixel from the middle: each pixel is one of the sample's, of those whose surroundings are nearest to what is known so
 * far around it. Nearest neighbors, and no net.
 *
 * Efros and Leung, 1999. https://doi.org/10.1109/ICCV.1999.790383
 *
 * @param sample `[1, height, width, channel]`
 * @returns `[1, ...size, channel]`
 */
export async function growTexture(sample: Tensor4D, options: GrowTextureOptions): Promise<Tensor4D> {
  checkRng("growTexture", options);
  checkOptions("growTexture", options, ["rng", "size", "window", "tolerance", "signal", "onProgress"]);
  checkArguments("growTexture", { numbers: { size: options.size } });
  checkShape("growTexture", "sample", sample, [1, "height", "width", "channel"]);
  const { rng, size, window = 7, tolerance = 0.1, signal, onProgress } = options;
  const [, rows, columns, channels] = sample.shape;
  const [height, width] = size;
  if (!(window % 2 === 1 && window >= 3 && window <= Math.min(rows, columns)))
    throw new OptionError("growTexture", "window", window, `odd, 3 to ${Math.min(rows, columns)}`);
  for (const side of size) checkCount("growTexture", "size", side, 3);
  const source = { data: Float32Array.from(await sample.data()), rows, columns, channels };
  checkFinite("growTexture", "sample", source.data, sample.shape);
  const data = new Float32Array(height * width * channels);
  const known = new Uint8Array(height * width);
  const put = (at: number, from: number) => {
    data.set(source.data.subarray(from * channels, (from + 1) * channels), at * channels);
    known[at] = 1;
  };
  const [startRow, startColumn] = [below(rng, rows - 2), below(rng, columns - 2)];
  const [top, left] = [Math.floor(height / 2) - 1, Math.floor(width / 2) - 1];
  for (let r = 0; r < 3; r++)
    for (let c = 0; c < 3; c++) put((top + r) * width + left + c, (startRow + r) * columns + startColumn + c);
  const match = new Matcher(source, window);
  let done = 9;
  while (done < known.length) {
    for (const at of rim(known, height, width, window >> 1)) {
      signal?.throwIfAborted();
      const row = Math.floor(at / width);
      const distances = match.from(data, known, height, width, row, at % width);
      const least = distances.reduce((a, b) => Math.min(a, b), Infinity);
      const fitting = [...distances.keys()].filter(
        (p) => (distances[p] ?? NaN) <= least * (1 + tolerance) + 1e-9,
      );
      put(at, match.middleOf(fitting[below(rng, fitting.length)] ?? NaN));
      done++;
      onProgress?.(done, known.length);
      await yieldToEventLoop();
    }
  }
  return tensor4d(data, [1, height, width, channels]);
}

const below = (rng: Rng, end: number): number => rng.randint(0, end, [1]).data[0] ?? NaN;

/** Unknown pixels that touch known ones, those with the most known around them first. */
function rim(known: Uint8Array, height: number, width: number, reach: number): number[] {
  const count = (at: number, far: number) => {
    const [row, column] = [Math.floor(at / width), at % width];
    let sum = 0;
    for (let r = Math.max(0, row - far); r <= Math.min(height - 1, row + far); r++)
      for (let c = Math.max(0, column - far); c <= Math.min(width - 1, column + far); c++)
        sum += known[r * width + c] ?? NaN;
    return sum;
  };
  return [...known.keys()]
    .filter((at) => known[at] === 0 && count(at, 1) > 0)
    .map((at) => [at, count(at, reach)] as const)
    .toSorted(([a, m], [b, n]) => n - m || a - b)
    .map(([at]) => at);
}

interface Source {
  readonly data: Float32Array;
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
}

/** Compares what is known around a pixel with every window of the sample; the middle counts more. */
class Matcher {
  readonly #source: Source;
  readonly #reach: number;
  readonly #across: number;
  readonly #weights: Float64Array;
  readonly #sums: Float64Array;

  constructor(source: Source, window: number) {
    this.#source = source;
    this.#reach = window >> 1;
    this.#across = source.columns - window + 1;
    const sigma = window / 6.4; // the paper's
    this.#weights = Float64Array.from({ length: window * window }, (_, i) => {
      const [r, c] = [Math.floor(i / window) - this.#reach, (i % window) - this.#reach];
      return Math.exp(-(r * r + c * c) / (2 * sigma * sigma));
    });
    this.#sums = new Float64Array((source.rows - window + 1) * this.#across);
  }

  /** The weighted mean of squared differences, for each window. Overwritten by the next call. */
  from(
    data: Float32Array,
    known: Uint8Array,
    height: number,
    width: number,
    row: number,
    column: number,
  ): Float64Array {
    const [{ data: source, columns, channels }, reach, across, sums] = [
      this.#source,
      this.#reach,
      this.#across,
      this.#sums,
    ];
    sums.fill(0);
    let total = 0;
    for (let r = Math.max(0, row - reach); r <= Math.min(height - 1, row + reach); r++)
      for (let c = Math.max(0, column - reach); c <= Math.min(width - 1, column + reach); c++) {
        if (known[r * width + c] === 0) continue;
        const [down, right] = [r - row + reach, c - column + reach];
        const weight = this.#weights[down * (2 * reach + 1) + right] ?? NaN;
        total += weight;
        for (let p = 0; p < sums.length; p++) {
          const at = ((Math.floor(p / across) + down) * columns + (p % across) + right) * channels;
          for (let k = 0; k < channels; k++) {
            const off = (source[at + k] ?? NaN) - (data[(r * width + c) * channels + k] ?? NaN);
            sums[p] = (sums[p] ?? NaN) + weight * off * off;
          }
        }
      }
    for (let p = 0; p < sums.length; p++) sums[p] = (sums[p] ?? NaN) / total;
    return sums;
  }

  /** Which pixel of the sample is in the middle of a window. */
  middleOf(window: number): number {
    const [row, column] = [Math.floor(window / this.#across), window % this.#across];
    return (row + this.#reach) * this.#source.columns + column + this.#reach;
  }
}
