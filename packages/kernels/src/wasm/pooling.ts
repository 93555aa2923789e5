import { backend_util, type TensorInfo } from "@tensorflow/tfjs-core";
import type { Heap } from "./heap.ts";
import { isEmpty, numbersOf, type Window, windowOf } from "./window.ts";

/** What tfjs, and the core, say of pooling over images. */
export interface Pooling2d {
  readonly filterSize: readonly [number, number] | number;
  readonly strides: readonly [number, number] | number;
  readonly pad: "valid" | "same" | number | readonly [Sides, Sides, Sides, Sides];
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  /** tfjs' own pooling knows none. Default: 1. */
  readonly dilations?: readonly [number, number] | number | null;
}

type Sides = readonly [before: number, after: number];

/** What tfjs says of pooling over volumes. */
export interface Pooling3d {
  readonly filterSize: [number, number, number] | number;
  readonly strides: [number, number, number] | number;
  readonly pad: "valid" | "same" | number;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  /** tfjs' own pooling knows none. Default: 1. */
  readonly dilations?: [number, number, number] | number | null;
}

/** How the window moves over images. */
export function pooling2dWindow(shape: number[], pooling: Pooling2d): Window {
  const { filterSize, strides, dilations, pad, dimRoundingMode } = pooling;
  const input = shape as [number, number, number, number];
  const info = backend_util.computePool2DInfo(
    input,
    pairOf(filterSize),
    pairOf(strides),
    pairOf(dilations ?? 1),
    typeof pad === "object" ? paddingOf(pad) : pad,
    dimRoundingMode,
  );
  return windowOf(info);
}

const pairOf = (sizes: readonly [number, number] | number): [number, number] =>
  typeof sizes === "number" ? [sizes, sizes] : [...sizes];

const paddingOf = ([batch, height, width, channel]: readonly [
  Sides,
  Sides,
  Sides,
  Sides,
]): backend_util.ExplicitPadding => [[...batch], [...height], [...width], [...channel]];

/** How the window moves over volumes. */
export function pooling3dWindow(shape: number[], pooling: Pooling3d): Window {
  const { filterSize, strides, dilations, pad, dimRoundingMode } = pooling;
  const input = shape as [number, number, number, number, number];
  return windowOf(
    backend_util.computePool3DInfo(input, filterSize, strides, dilations ?? 1, pad, dimRoundingMode),
  );
}

/** The largest number under each window; `outside` for one that sees nothing. */
export function largest(heap: Heap, x: TensorInfo, window: Window, outside = -Infinity): TensorInfo {
  const { batch, outDepth, outHeight, outWidth, outChannels } = window;
  const depth = x.shape.length === 5 ? [outDepth] : [];
  const shape = [batch, ...depth, outHeight, outWidth, outChannels];
  if (isEmpty(window)) return heap.zeros(shape);
  const y = heap.make(shape);
  heap.borrow({ window: numbersOf(window) }, (room) =>
    heap.functions.maxPool({ x: heap.addressOf(x), y: heap.addressOf(y), outside, ...room }),
  );
  return y;
}

/** What the gradient of max pooling is computed from. */
export type PooledInputs = Readonly<Record<"dy" | "input" | "output", TensorInfo>>;

/** The gradient of max pooling: that of a window goes to its first maximum, or its last NaN. */
export function putBack(heap: Heap, { dy, input, output }: PooledInputs, window: Window): TensorInfo {
  if (isEmpty(window)) return heap.zeros(input.shape);
  const dx = heap.make(input.shape);
  heap.borrow({ window: numbersOf(window) }, (room) =>
    heap.functions.maxPoolGradient({
      dy: heap.addressOf(dy),
      x: heap.addressOf(input),
      y: heap.addressOf(output),
      dx: heap.addressOf(dx),
      ...room,
    }),
  );
  return dx;
}
