import { backend_util, type TensorInfo } from "@tensorflow/tfjs-core";
import { isEmpty, numbersOf, type Window, windowOf } from "./window.ts";
import type { Heap } from "./heap.ts";

/** What tfjs hands to the gradients of a morphological dilation. */
export interface DilationInputs extends Record<string, TensorInfo> {
  readonly x: TensorInfo;
  readonly filter: TensorInfo;
  readonly dy: TensorInfo;
}

export interface DilationAttributes {
  readonly strides: [number, number] | number;
  readonly pad: "valid" | "same" | number;
  readonly dilations: [number, number] | number;
}

/** One of the two gradients, of the shape of `like`. */
export function dilationGradient(
  heap: Heap,
  name: "dilation2dInput" | "dilation2dFilter",
  { x, filter, dy }: DilationInputs,
  { strides, pad, dilations }: DilationAttributes,
  like: TensorInfo,
): TensorInfo {
  const window: Window = windowOf(
    backend_util.computeDilation2DInfo(
      x.shape as [number, number, number, number],
      filter.shape as [number, number, number],
      strides,
      pad,
      "NHWC",
      dilations,
    ),
  );
  if (isEmpty(window)) return heap.zeros(like.shape);
  const slope = heap.make(like.shape);
  heap.borrow([numbersOf(window)], (...scratch) =>
    heap.functions[name](
      heap.addressOf(x),
      heap.addressOf(filter),
      heap.addressOf(dy),
      heap.addressOf(slope),
      ...scratch,
    ),
  );
  return slope;
}
