import { sum, type Tensor, type Tensor4D } from "@tensorflow/tfjs-core";
import { type Convolution, correlate, forward, spread } from "./convolution-kernels.ts";
import { defineOp } from "./define-op.ts";

// Convolution, its gradient at the input and its gradient at the filter are linear in each of their two inputs, and the
// gradients of each are the other two. So these three are all there is, to any order.

type WithInputShape = Convolution & { inputShape: readonly number[] };
type WithFilterShape = Convolution & { filterShape: readonly number[] };

/** `[batch, height, width, in]`, `[height, width, in / groups, out]` -> `[batch, height, width, out]` */
export const convolve = defineOp({
  name: "PellucidConv2d",
  inputs: { x: "float32[batch, height, width, in]", filter: "float32[height, width, in / groups, out]" },
  reference: ({ x, filter }, convolution: Convolution): Tensor4D =>
    forward(x, filter, null, convolution) as Tensor4D,
  gradient: (dy, { x, filter }, convolution) => gradients(dy, x, filter, convolution),
});

/** {@link convolve}, with `[out]` added in the same pass. */
export const convolveWithBias = defineOp({
  name: "PellucidConv2dWithBias",
  caller: "conv2d",
  inputs: {
    x: "float32[batch, height, width, in]",
    filter: "float32[height, width, in / groups, out]",
    bias: "float32[out]",
  },
  reference: ({ x, filter, bias }, convolution: Convolution): Tensor4D =>
    forward(x, filter, bias, convolution) as Tensor4D,
  gradient: (dy, { x, filter }, convolution) => ({
    ...gradients(dy, x, filter, convolution),
    bias: () => sum(dy, [0, 1, 2]),
  }),
});

/** The gradient of {@link convolve} at `x`, which is transposed convolution: `[batch, height, width, out]` -> `inputShape` */
export const convolveInput = defineOp({
  name: "PellucidConv2dInput",
  caller: "convTranspose2d",
  inputs: { dy: "float32[batch, height, width, out]", filter: "float32[height, width, in / groups, out]" },
  reference: ({ dy, filter }, { inputShape, ...convolution }: WithInputShape): Tensor4D =>
    spread(dy, filter, convolution, inputShape) as Tensor4D,
  gradient: (dx, { dy, filter }, convolution) => ({
    dy: (): Tensor => convolve({ x: dx, filter }, convolution),
    filter: (): Tensor => convolveFilter({ x: dx, dy }, { ...convolution, filterShape: filter.shape }),
  }),
});

/** The gradient of {@link convolve} at `filter`. */
export const convolveFilter = defineOp({
  name: "PellucidConv2dFilter",
  caller: "conv2d",
  inputs: { x: "float32[batch, height, width, in]", dy: "float32[batch, height, width, out]" },
  reference: ({ x, dy }, { filterShape, ...convolution }: WithFilterShape): Tensor4D =>
    correlate(x, dy, convolution, filterShape) as Tensor4D,
  gradient: (dFilter, { x, dy }, convolution) => ({
    x: (): Tensor => convolveInput({ dy, filter: dFilter }, { ...convolution, inputShape: x.shape }),
    dy: (): Tensor => convolve({ x, filter: dFilter }, convolution),
  }),
});

function gradients(
  dy: Tensor4D,
  x: Tensor4D,
  filter: Tensor4D,
  convolution: Convolution,
): { x: () => Tensor; filter: () => Tensor } {
  return {
    x: () => convolveInput({ dy, filter }, { ...convolution, inputShape: x.shape }),
    filter: () => convolveFilter({ x, dy }, { ...convolution, filterShape: filter.shape }),
  };
}
