import { util, type TensorInfo } from "@tensorflow/tfjs-core";
import type { Heap } from "./heap.ts";
import type { Window } from "./window.ts";

/** The part of a filter that meets an image at all: on small images with much padding, its border never does. */
export interface SeenPart {
  /** How a filter of this part alone moves. */
  readonly window: Window;
  /** Numbers before the part, in a row of it, and from one row to the next. */
  readonly start: number;
  readonly row: number;
  readonly step: number;
}

/** The part of the filter that is seen, or `null` if that is all of it. */
export function seenPart(window: Window): SeenPart | null {
  const { filterHeight, filterWidth, inChannels, outChannels, groups, filterDepth } = window;
  if (groups > 1 || filterDepth > 1) return null;
  const [top, bottom] = seenAlong(
    filterHeight,
    window.dilationHeight,
    window.strideHeight,
    window.top,
    window.inHeight,
    window.outHeight,
  );
  const [left, right] = seenAlong(
    filterWidth,
    window.dilationWidth,
    window.strideWidth,
    window.left,
    window.inWidth,
    window.outWidth,
  );
  if (bottom - top === filterHeight && right - left === filterWidth) return null;
  if (bottom <= top || right <= left) return null;
  const tap = inChannels * outChannels;
  return {
    window: {
      ...window,
      filterHeight: bottom - top,
      filterWidth: right - left,
      top: window.top - top * window.dilationHeight,
      left: window.left - left * window.dilationWidth,
    },
    start: (top * filterWidth + left) * tap,
    row: (right - left) * tap,
    step: filterWidth * tap,
  };
}

/** The first tap that meets the image anywhere, and the end of those that do. */
function seenAlong(
  taps: number,
  dilation: number,
  stride: number,
  padding: number,
  size: number,
  positions: number,
): [first: number, end: number] {
  const isSeen = (tap: number) => {
    const first = Math.max(0, Math.ceil((padding - tap * dilation) / stride));
    return first < positions && first * stride + tap * dilation - padding < size;
  };
  const seen = Array.from({ length: taps }, (_, tap) => tap).filter(isSeen);
  return [seen[0] ?? 0, (seen.at(-1) ?? -1) + 1];
}

/** A filter of that part. */
export function takePart(heap: Heap, filter: TensorInfo, { window, start, row, step }: SeenPart): TensorInfo {
  const { filterHeight, filterWidth, inChannels, outChannels } = window;
  const part = heap.make([filterHeight, filterWidth, inChannels, outChannels]);
  heap.functions.copyRows({
    from: heap.addressOf(filter) + 4 * start,
    to: heap.addressOf(part),
    rows: filterHeight,
    bytes: 4 * row,
    fromStep: 4 * step,
    toStep: 4 * row,
  });
  return part;
}

/** A filter of `shape` that has the part, and zeros around it. */
export function putPart(
  heap: Heap,
  part: TensorInfo,
  shape: readonly number[],
  { window, start, row, step }: SeenPart,
): TensorInfo {
  const whole = heap.zeros(shape);
  heap.functions.copyRows({
    from: heap.addressOf(part),
    to: heap.addressOf(whole) + 4 * start,
    rows: window.filterHeight,
    bytes: 4 * row,
    fromStep: 4 * row,
    toStep: 4 * step,
  });
  return whole;
}

/** How a convolution is a product of the pixels with the filter, or `null` where it is not: one tap, which meets each pixel once. */
export function asProduct(window: Window) {
  const { batch, inDepth, inHeight, inWidth, inChannels, outChannels, groups } = window;
  const isOneTap = window.filterDepth * window.filterHeight * window.filterWidth === 1 && groups === 1;
  const isEachPixel =
    window.outDepth === inDepth &&
    window.outHeight === inHeight &&
    window.outWidth === inWidth &&
    window.strideDepth * window.strideHeight * window.strideWidth === 1 &&
    window.front === 0 &&
    window.top === 0 &&
    window.left === 0;
  if (!isOneTap || !isEachPixel) return null;
  return {
    pixels: util.sizeFromShape([batch, inDepth, inHeight, inWidth]),
    inputs: inChannels,
    outputs: outChannels,
  };
}
