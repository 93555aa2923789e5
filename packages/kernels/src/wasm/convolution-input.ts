import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Heap } from "./heap.ts";
import {
  isDepthwise,
  isEmpty,
  numbersOf,
  paddedGradient,
  panels,
  positionTable,
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
  const operands = {
    dy: heap.addressOf(dy),
    filter: heap.addressOf(filter),
    dx: heap.addressOf(dx),
  };
  const taps = tapsOf(window);
  const tables = {
    padded: paddedGradient(window),
    taps: tapTable(taps),
    positions: positionTable(Math.ceil(inHeight / strideHeight) * Math.ceil(inWidth / strideWidth)),
    window: numbersOf(window),
  };
  if (isDepthwise(window)) {
    const apart = inChannels === outChannels ? 0 : 4 * inHeight * inWidth * outChannels;
    heap.borrow({ ...tables, apart }, (room) => heap.functions.depthwiseInput({ ...operands, ...room }));
    return dx;
  }
  const weights = groups * panels(taps, outChannels / groups, inChannels / groups);
  heap.borrow({ ...tables, panels: weights }, (room) => heap.functions.convInput({ ...operands, ...room }));
  return dx;
}
