import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Heap } from "./heap.ts";
import {
  isDepthwise,
  isEmpty,
  numbersOf,
  paddedGradient,
  panels,
  placeTable,
  tapsOf,
  tapTable,
  type Window,
} from "./window.ts";

/** The gradient of a convolution over images or volumes at its input. */
export function spread(
  heap: Heap,
  dy: TensorInfo,
  filter: TensorInfo,
  inputShape: readonly number[],
  window: Window,
): TensorInfo {
  if (isEmpty(window)) return heap.zeros(inputShape);
  const { inHeight, inWidth, inChannels, outChannels, strideHeight, strideWidth, groups } = window;
  const dx = heap.make(inputShape);
  const operands = [dy, filter, dx].map((tensor) => heap.addressOf(tensor));
  const taps = tapsOf(window);
  const places = placeTable(Math.ceil(inHeight / strideHeight) * Math.ceil(inWidth / strideWidth));
  const tables = [tapTable(taps), places, numbersOf(window)];
  if (isDepthwise(window)) {
    const apart = inChannels === outChannels ? 0 : 4 * inHeight * inWidth * outChannels;
    heap.borrow([paddedGradient(window), apart, ...tables], (...scratch) =>
      heap.functions.depthwiseInput(...operands, ...scratch),
    );
    return dx;
  }
  const weights = groups * panels(taps, outChannels / groups, inChannels / groups);
  heap.borrow([paddedGradient(window), weights, ...tables], (...scratch) =>
    heap.functions.convInput(...operands, ...scratch),
  );
  return dx;
}
