import {
  capture,
  checkArguments,
  checkOptions,
  checkRng,
  type Layer,
  OptionError,
  type Rng,
  yieldToEventLoop,
} from "@pellucid/core-train";
import { type Tensor, type Tensor2D, tensor2d, type Tensor4D } from "@tensorflow/tfjs-core";
import { checkFinite, modelAdvice } from "../run/check-finite.ts";
import type { RunOptions } from "../run/run-options.ts";
import { umap } from "../embedding/umap.ts";

/** A cell of the map, with what was seen there. */
export interface AtlasCell {
  readonly row: number;
  readonly column: number;
  /** The mean of the activations that fell into it, one number for each channel. */
  readonly activation: Float32Array;
  /** From which examples they came, counted over all batches. */
  readonly examples: readonly number[];
}

/** The result of {@link activationAtlas}. */
export interface ActivationAtlas {
  /** Cells with enough activations, from the top left. */
  readonly cells: readonly AtlasCell[];
  /** Where each activation that was looked at lies, `[activation, 2]`, the caller's. */
  readonly embedding: Tensor2D;
}

/** Options for {@link activationAtlas}. */
export interface ActivationAtlasOptions extends Pick<RunOptions, "signal"> {
  /** Draws which position of each example is looked at, and for the map. */
  readonly rng: Rng;
  /** Which position of each example is looked at: a random one, as in the paper, or the one with the largest activation. Default: `"random"`. */
  readonly position?: "random" | "strongest";
  /** Cells along each side. Default: 8. */
  readonly grid?: number;
  /** A cell with fewer activations is left out. Default: 2. */
  readonly least?: number;
  /** Lays activations `[activation, channel]` out in the plane. Default: {@link umap}. */
  readonly layout?: (activations: Tensor2D) => Promise<Tensor2D>;
}

/**
 * A map of what a layer can distinguish: one activation of each example, laid out so that like ones are near, and the mean
 * of each cell of a grid. What a mean stands for is shown by the examples, or by an image made for it: {@link optimizeImage} of
 * {@link directionScore}.
 *
 * Carter, Armstrong, Schubert, Johnson and Olah, 2019. https://distill.pub/2019/activation-atlas
 *
 * @param run calls the layer, such as the model's `forward`
 * @param batches borrowed
 */
export async function activationAtlas<X extends Tensor>(
  run: (x: X) => unknown,
  layer: Layer<never, Tensor4D>,
  batches: Iterable<X> | AsyncIterable<X>,
  options: ActivationAtlasOptions,
): Promise<ActivationAtlas> {
  checkArguments("activationAtlas", { function: { run }, "{ forward }": { layer }, iterable: { batches } });
  checkRng("activationAtlas", options);
  checkOptions("activationAtlas", options, ["rng", "position", "grid", "least", "layout", "signal"]);
  const { rng, position = "random", grid = 8, least = 2, signal } = options;
  const stop = signal === undefined ? {} : { signal };
  const { layout = (activations: Tensor2D) => umap(activations, { rng, ...stop }) } = options;
  if (!(Number.isInteger(grid) && grid >= 1))
    throw new OptionError("activationAtlas", "grid", grid, "1 or more");
  const rows: Float32Array[] = [];
  for await (const x of batches) {
    signal?.throwIfAborted();
    const maps = capture(layer, () => run(x)); // [batch, height, width, channel]
    const [batch, height, width, channels] = maps.shape;
    const values = await maps.data();
    checkFinite("activationAtlas", "the layer's output", values, maps.shape, modelAdvice);
    maps.dispose();
    const size = height * width * channels;
    const drawn = rng.randint(0, height * width, [batch]).data;
    for (let i = 0; i < batch; i++) {
      const map = values.slice(i * size, (i + 1) * size);
      const at = channels * (position === "random" ? (drawn[i] ?? NaN) : strongest(map, channels));
      rows.push(Float32Array.from(map.subarray(at, at + channels)));
    }
    await yieldToEventLoop();
  }
  const channels = rows[0]?.length ?? 0;
  const activations = tensor2d(Float32Array.from(rows.flatMap((row) => Array.from(row))), [
    rows.length,
    channels,
  ]);
  try {
    const embedding = await layout(activations);
    return { cells: cellsOf(rows, await embedding.data(), grid, least), embedding };
  } finally {
    activations.dispose();
  }
}

/** The position whose activations have the largest sum of squares. */
function strongest(map: ArrayLike<number>, channels: number): number {
  let [best, most] = [0, -1];
  for (let position = 0; position * channels < map.length; position++) {
    let squares = 0;
    for (let c = 0; c < channels; c++) squares += (map[position * channels + c] ?? NaN) ** 2;
    if (squares > most) [best, most] = [position, squares];
  }
  return best;
}

function cellsOf(
  rows: readonly Float32Array[],
  positions: ArrayLike<number>,
  grid: number,
  least: number,
): AtlasCell[] {
  const cellAlong = (axis: number) => {
    const along = rows.map((_, i) => positions[2 * i + axis] ?? NaN);
    const low = along.reduce((a, b) => Math.min(a, b), Infinity);
    const high = along.reduce((a, b) => Math.max(a, b), -Infinity);
    return along.map((v) => Math.min(grid - 1, Math.floor((grid * (v - low)) / (high - low || 1))));
  };
  const [columns, upwards] = [cellAlong(0), cellAlong(1)];
  const members = new Map<number, number[]>();
  rows.forEach((_, i) => {
    const at = (grid - 1 - (upwards[i] ?? NaN)) * grid + (columns[i] ?? NaN); // rows count from the top
    members.set(at, [...(members.get(at) ?? []), i]);
  });
  return [...members]
    .filter(([, examples]) => examples.length >= least)
    .toSorted(([a], [b]) => a - b)
    .map(([at, examples]) => ({
      row: Math.floor(at / grid),
      column: at % grid,
      activation: meanOf(examples.map((i) => rows[i] as Float32Array)),
      examples,
    }));
}

function meanOf(rows: readonly Float32Array[]): Float32Array {
  const sum = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows) row.forEach((v, c) => (sum[c] = (sum[c] ?? NaN) + v));
  return Float32Array.from(sum, (v) => v / rows.length);
}
