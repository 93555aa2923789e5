import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Heap } from "./heap.ts";
import { products } from "./products.ts";
import { asProduct, seenPart, takePart } from "./seen-part.ts";
import {
  imagesTogether,
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
  const part = seenPart(window);
  if (part !== null) {
    const own = takePart(heap, filter, part);
    const dx = spread(heap, dy, own, inputShape, part.window);
    heap.free(own);
    return dx;
  }
  const dx = heap.make(inputShape);
  const operands = {
    dy: heap.addressOf(dy),
    filter: heap.addressOf(filter),
    dx: heap.addressOf(dx),
  };
  const product = asProduct(window);
  if (product !== null) {
    const { dy: a, filter: b, dx: c } = operands;
    const sizes = { rows: product.pixels, depth: product.outputs, columns: product.inputs };
    products(heap, [{ a, b, bias: 0, c }], sizes, true);
    return dx;
  }
  const taps = tapsOf(window);
  const pixels = Math.ceil(inHeight / strideHeight) * Math.ceil(inWidth / strideWidth);
  const together = isDepthwise(window) ? 1 : imagesTogether(window.batch, pixels, paddedGradient(window));
  const tables = {
    padded: together * paddedGradient(window),
    taps: tapTable(taps),
    positions: positionTable(together * pixels),
    window: numbersOf(window),
  };
  if (isDepthwise(window)) {
    const apart = inChannels === outChannels ? 0 : 4 * inHeight * inWidth * outChannels;
    heap.borrow({ ...tables, apart }, (room) => heap.functions.depthwiseInput({ ...operands, ...room }));
    return dx;
  }
  const weights = groups * panels(taps, outChannels / groups, inChannels / groups);
  heap.borrow({ ...tables, panels: weights }, (room) =>
    heap.functions.convInput({ ...operands, ...room, together }),
  );
  return dx;
}
