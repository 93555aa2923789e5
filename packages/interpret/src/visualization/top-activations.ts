import { capture, checkArguments, checkOptions, type Layer, yieldToEventLoop } from "@pellucid/core-train";
import { checkCount } from "../run/check-count.ts";
import { checkFinite, modelAdvice } from "../run/check-finite.ts";
import type { Tensor } from "@tensorflow/tfjs-core";

/** Where a channel fired most. */
export interface TopActivation {
  /** Counted over all batches. */
  readonly example: number;
  /** In the layer's own resolution: `[row, column]` for images. */
  readonly position: readonly number[];
  readonly value: number;
}

/**
 * For each channel of a layer the positions in a data set where it fires most, one for each example: what a unit looks for, in the data's own words.
 *
 * Girshick, Donahue, Darrell and Malik, 2014, section 3.1. https://arxiv.org/abs/1311.2524
 *
 * @param run calls the layer, such as the model's `forward`
 * @param batches borrowed
 * @returns `[channel][count]`, the strongest first
 */
export async function topActivations<X extends Tensor>(
  run: (x: X) => unknown,
  layer: Layer<never, Tensor>,
  batches: Iterable<X> | AsyncIterable<X>,
  options: { readonly count?: number; readonly signal?: AbortSignal } = {},
): Promise<TopActivation[][]> {
  checkArguments("topActivations", { function: { run }, "{ forward }": { layer }, iterable: { batches } });
  checkOptions("topActivations", options, ["count", "signal"]);
  const { count = 9, signal } = options;
  checkCount("topActivations", "count", count);
  const best: TopActivation[][] = [];
  let seen = 0;
  for await (const x of batches) {
    signal?.throwIfAborted();
    const activations = capture(layer, () => run(x)); // [batch, …position, channel]
    const [batch = 0, ...rest] = activations.shape;
    const [channels, positions] = [rest.at(-1) ?? NaN, rest.slice(0, -1)];
    const values = await activations.data();
    activations.dispose();
    checkFinite("topActivations", "the layer's output", values, activations.shape, modelAdvice);
    const size = positions.reduce((a, b) => a * b, 1);
    for (let example = 0; example < batch; example++)
      for (let channel = 0; channel < channels; channel++) {
        let [strongest, value] = [0, -Infinity];
        for (let position = 0; position < size; position++) {
          const v = values[(example * size + position) * channels + channel] ?? NaN;
          if (v > value) [strongest, value] = [position, v];
        }
        const list = (best[channel] ??= []);
        list.push({ example: seen + example, position: unflatten(strongest, positions), value });
        list.sort((a, b) => b.value - a.value || a.example - b.example);
        if (list.length > count) list.pop();
      }
    seen += batch;
    await yieldToEventLoop();
  }
  return best;
}

function unflatten(position: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  let left = position;
  for (const size of shape.toReversed()) {
    index.unshift(left % size);
    left = Math.floor(left / size);
  }
  return index;
}
