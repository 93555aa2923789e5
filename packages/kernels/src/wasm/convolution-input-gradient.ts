import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Heap } from "./heap.ts";
import {
  inFours,
  isEmpty,
  numbersOf,
  placeTable,
  seenGradient,
  tapsOf,
  tapTable,
  type Window,
} from "./window.ts";

/** The gradient of a convolution over images or volumes at its input. */
export function convolutionInputGradient(
  heap: Heap,
  dy: TensorInfo,
  filter: TensorInfo,
  inputShape: readonly number[],
  window: Window,
): TensorInfo {
  if (isEmpty(window)) return heap.zeros(inputShape);
  const { inHeight, inWidth, inChannels, outChannels, strideHeight, strideWidth } = window;
  const dx = heap.make(inputShape);
  const padded = 4 * seenGradient(window) * outChannels;
  const panels = 4 * tapsOf(window) * outChannels * inFours(inChannels);
  const places = placeTable(Math.ceil(inHeight / strideHeight), Math.ceil(inWidth / strideWidth));
  heap.borrow([padded, panels, tapTable(window), places, numbersOf(window)], (...scratch) =>
    heap.functions.convInput(heap.addressOf(dy), heap.addressOf(filter), heap.addressOf(dx), ...scratch),
  );
  return dx;
}
