import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Heap } from "./heap.ts";
import { isEmpty, numbersOf, type Window } from "./window.ts";

/** The largest number under each window; `outside` where a window sees none. */
export function maxPooling(
  heap: Heap,
  x: TensorInfo,
  shape: readonly number[],
  window: Window,
  outside = -Infinity,
): TensorInfo {
  if (isEmpty(window)) return heap.zeros(shape);
  const y = heap.make(shape);
  heap.borrow([numbersOf(window)], (...scratch) =>
    heap.functions.maxPool(heap.addressOf(x), heap.addressOf(y), outside, ...scratch),
  );
  return y;
}

/** The gradient of max pooling: that of a window goes to its first maximum. */
export function maxPoolingGradient(heap: Heap, dy: TensorInfo, x: TensorInfo, window: Window): TensorInfo {
  if (isEmpty(window)) return heap.zeros(x.shape);
  const dx = heap.make(x.shape);
  heap.borrow([16, numbersOf(window)], (...scratch) =>
    heap.functions.maxPoolGrad(heap.addressOf(dy), heap.addressOf(x), heap.addressOf(dx), ...scratch),
  );
  return dx;
}
