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

/** Options for {@link quiltTexture}. */
export interface QuiltTextureOptions extends Pick<RunOptions, "signal" | "onProgress"> {
  /** Draws the first patch, and among patches that fit about as well. */
  readonly rng: Rng;
  readonly size: readonly [height: number, width: number];
  /** A patch's side. Default: 8. */
  readonly patch?: number;
  /** How far patches lie over each other. Default: a third of a patch. */
  readonly overlap?: number;
  /** How much worse than the best a patch may fit. Default: 0.1. */
  readonly tolerance?: number;
}

/**
 * More of a texture, patch by patch: each is one of the sample's that fits what it lies over, cut along the line where the two differ least. Much
 * faster than {@link growTexture}, and what is larger than a pixel stays whole.
 *
 * Efros and Freeman, 2001. https://doi.org/10.1145/383259.383296
 *
 * @param sample `[1, height, width, channel]`
 * @returns `[1, ...size, channel]`
 */
export async function quiltTexture(sample: Tensor4D, options: QuiltTextureOptions): Promise<Tensor4D> {
  checkRng("quiltTexture", options);
  checkOptions("quiltTexture", options, [
    "rng",
    "size",
    "patch",
    "overlap",
    "tolerance",
    "signal",
    "onProgress",
  ]);
  checkArguments("quiltTexture", { numbers: { size: options.size } });
  checkShape("quiltTexture", "sample", sample, [1, "height", "width", "channel"]);
  const { rng, size, patch = 8, tolerance = 0.1, signal, onProgress } = options;
  const { overlap = Math.max(1, Math.floor(patch / 3)) } = options;
  const [, rows, columns, channels] = sample.shape;
  const [height, width] = size;
  if (!(Number.isInteger(patch) && patch >= 2 && patch <= Math.min(rows, columns)))
    throw new OptionError(
      "quiltTexture",
      "patch",
      patch,
      `2 to ${Math.min(rows, columns)}, the sample's smaller side`,
    );
  if (!(Number.isInteger(overlap) && overlap >= 1 && overlap < patch))
    throw new OptionError("quiltTexture", "overlap", overlap, `1 to ${patch - 1}, less than a patch`);
  for (const side of size) checkCount("quiltTexture", "size", side);
  const source = Float32Array.from(await sample.data());
  checkFinite("quiltTexture", "sample", source, sample.shape);
  const step = patch - overlap;
  const [down, across] = [height, width].map((side) => Math.max(1, Math.ceil((side - overlap) / step))) as [
    number,
    number,
  ];
  const [tall, wide] = [down * step + overlap, across * step + overlap];
  const data = new Float32Array(tall * wide * channels);
  const difference = (from: number, at: number) => {
    let sum = 0;
    for (let k = 0; k < channels; k++)
      sum += ((source[from * channels + k] ?? NaN) - (data[at * channels + k] ?? NaN)) ** 2;
    return sum;
  };
  for (let i = 0; i < down * across; i++) {
    signal?.throwIfAborted();
    const [top, left] = [Math.floor(i / across) * step, (i % across) * step];
    const covered = (r: number, c: number) => (left > 0 && c < overlap) || (top > 0 && r < overlap);
    const costs: number[] = [];
    for (let row = 0; row + patch <= rows; row++)
      for (let column = 0; column + patch <= columns; column++) {
        let cost = 0;
        for (let r = 0; r < patch; r++)
          for (let c = 0; c < patch; c++)
            if (covered(r, c))
              cost += difference((row + r) * columns + column + c, (top + r) * wide + left + c);
        costs.push(cost);
      }
    const least = costs.reduce((a, b) => Math.min(a, b), Infinity);
    const fitting = [...costs.keys()].filter((p) => (costs[p] ?? NaN) <= least * (1 + tolerance) + 1e-9);
    const chosen = fitting[rng.randint(0, fitting.length, [1]).data[0] ?? NaN] ?? NaN;
    const [row, column] = [Math.floor(chosen / (columns - patch + 1)), chosen % (columns - patch + 1)];
    const errors = (r: number, c: number) =>
      difference((row + r) * columns + column + c, (top + r) * wide + left + c);
    const byRow = left > 0 ? cut(patch, overlap, errors) : new Array<number>(patch).fill(0);
    const byColumn = top > 0 ? cut(patch, overlap, (c, r) => errors(r, c)) : new Array<number>(patch).fill(0);
    for (let r = 0; r < patch; r++)
      for (let c = 0; c < patch; c++) {
        if (c < (byRow[r] ?? NaN) || r < (byColumn[c] ?? NaN)) continue; // what lies there stays
        const from = ((row + r) * columns + column + c) * channels;
        data.set(source.subarray(from, from + channels), ((top + r) * wide + left + c) * channels);
      }
    onProgress?.(i + 1, down * across);
    await yieldToEventLoop();
  }
  const kept = Float32Array.from({ length: height * width * channels }, (_, at) => {
    const [pixel, k] = [Math.floor(at / channels), at % channels];
    return data[(Math.floor(pixel / width) * wide + (pixel % width)) * channels + k] ?? NaN;
  });
  return tensor4d(kept, [1, height, width, channels]);
}

/** Where, in each of `length` lines of `overlap` numbers, the cheapest way from the first line to the last goes. */
export function cut(
  length: number,
  overlap: number,
  error: (line: number, position: number) => number,
): number[] {
  const costs = [Array.from({ length: overlap }, (_, c) => error(0, c))];
  for (let r = 1; r < length; r++) {
    const above = costs[r - 1] as number[];
    costs.push(above.map((_, c) => error(r, c) + Math.min(...above.slice(Math.max(0, c - 1), c + 2))));
  }
  const way = [cheapest(costs.at(-1) as number[], 0, overlap)];
  for (let r = length - 2; r >= 0; r--) {
    const last = way[0] ?? NaN;
    way.unshift(cheapest(costs[r] as number[], Math.max(0, last - 1), Math.min(overlap, last + 2)));
  }
  return way;
}

function cheapest(costs: readonly number[], from: number, to: number): number {
  let best = from;
  for (let c = from; c < to; c++) if ((costs[c] ?? NaN) < (costs[best] ?? NaN)) best = c;
  return best;
}
