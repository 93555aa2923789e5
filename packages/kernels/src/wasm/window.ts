import type { backend_util } from "@tensorflow/tfjs-core";

/** How a window moves over a volume, in the order in which our WebAssembly reads it (`assembly/parts/window.ts`). */
export interface Window {
  readonly batch: number;
  readonly inDepth: number;
  readonly inHeight: number;
  readonly inWidth: number;
  readonly inChannels: number;
  readonly filterDepth: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly outDepth: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly strideDepth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly dilationDepth: number;
  readonly dilationHeight: number;
  readonly dilationWidth: number;
  readonly front: number;
  readonly top: number;
  readonly left: number;
  readonly groups: number;
}

/** The window of which tfjs computed the sizes. */
export function windowOf(info: backend_util.Conv2DInfo | backend_util.Conv3DInfo): Window {
  const volume = "inDepth" in info ? info : undefined;
  return {
    batch: info.batchSize,
    inDepth: volume?.inDepth ?? 1,
    inHeight: info.inHeight,
    inWidth: info.inWidth,
    inChannels: info.inChannels,
    filterDepth: volume?.filterDepth ?? 1,
    filterHeight: info.filterHeight,
    filterWidth: info.filterWidth,
    outDepth: volume?.outDepth ?? 1,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    outChannels: info.outChannels,
    strideDepth: volume?.strideDepth ?? 1,
    strideHeight: info.strideHeight,
    strideWidth: info.strideWidth,
    dilationDepth: volume?.dilationDepth ?? 1,
    dilationHeight: info.dilationHeight,
    dilationWidth: info.dilationWidth,
    front: volume?.padInfo.front ?? 0,
    top: info.padInfo.top,
    left: info.padInfo.left,
    groups: 1,
  };
}

/** As our WebAssembly reads it. */
export const numbersOf = (window: Window): Int32Array => Int32Array.from(Object.values(window));

/** Whether there is nothing to compute: some size is zero. */
export const isEmpty = ({
  batch,
  inDepth,
  inHeight,
  inWidth,
  inChannels,
  outDepth,
  outHeight,
  outWidth,
  outChannels,
}: Window): boolean =>
  [batch, inDepth, inHeight, inWidth, inChannels, outDepth, outHeight, outWidth, outChannels].some(
    (size) => size <= 0,
  );

/** Whether each channel has filters of its own. */
export const isDepthwise = ({ groups, inChannels }: Window): boolean => groups > 1 && groups === inChannels;

/** Taps of the filter. */
export const tapsOf = ({ filterDepth, filterHeight, filterWidth }: Window): number =>
  filterDepth * filterHeight * filterWidth;

// Bytes that a kernel needs to work in; see `assembly`.

/** The input with the zeros around it, as far as windows see it, of one image. */
export const paddedInput = (window: Window): number =>
  4 *
  ((window.outHeight - 1) * window.strideHeight + (window.filterHeight - 1) * window.dilationHeight + 1) *
  ((window.outWidth - 1) * window.strideWidth + (window.filterWidth - 1) * window.dilationWidth + 1) *
  (isDepthwise(window) ? window.outChannels : window.inChannels);

/** The gradient at the output with the zeros around it, as far as inputs see it, of one image. */
export const paddedGradient = (window: Window): number =>
  4 *
  along(window.inDepth, window.filterDepth, window.strideDepth, window.dilationDepth, window.front) *
  along(window.inHeight, window.filterHeight, window.strideHeight, window.dilationHeight, window.top) *
  along(window.inWidth, window.filterWidth, window.strideWidth, window.dilationWidth, window.left) *
  window.outChannels;

const along = (size: number, filter: number, stride: number, dilation: number, padding: number) =>
  Math.max(0, Math.ceil(((filter - 1) * dilation - padding) / stride)) +
  Math.floor((size - 1 + padding) / stride) +
  1;

/** Panels of weights (`assembly/parts/tables.ts`) for tiles of `channels`. */
export const panels = (taps: number, depth: number, channels: number): number =>
  4 * taps * depth * inFours(channels);

/** The table of taps. */
export const tapTable = (taps: number): number => 12 * taps;

/** The table of positions. */
export const positionTable = (positions: number): number => 64 * Math.ceil(positions / 6);

/**
 * How many images go through a convolution together, so that each panel is read for enough pixels; and, of small images, so that pixels at the same position see the
 * same part of the window.
 *
 * @param bytes of an image with its padding
 */
export function imagesTogether(batch: number, pixels: number, bytes: number): number {
  const least = Math.ceil(64 / Math.max(1, pixels));
  const small = Math.min(8, Math.trunc(batch / 2), Math.trunc(SMALL / Math.max(1, bytes)));
  return Math.max(1, Math.min(batch, Math.max(least, small)));
}

/** Bytes of images that stay in the second cache. */
const SMALL = 262_144;

/** What a product with a matrix of `depth` rows and `columns` columns works in (`assembly/parts/multiply.ts`). */
export const productRoom = (depth: number, columns: number) => ({ panels: panels(1, depth, columns) });

/** A tile and two tables of `rows` rows, laid out for sums of their products (`assembly/parts/packed-products.ts`). */
export const packedRoom = (rows: number, columns: number): number => 4 * (48 + rows * (inFours(columns) + 6));

/** Bytes for sums of blocks in 64 bits: none where one block is all, unless a tile is wider than a row. */
export const sumsRoom = (rows: number, columns: number, isOneBlock: boolean): number =>
  isOneBlock && (columns >= 8 || columns === 4) ? 0 : 8 * rows * inFours(columns);

/** The next multiple of 4: channels go four at a time. */
export const inFours = (channels: number): number => Math.ceil(channels / 4) * 4;
