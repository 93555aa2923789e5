import { pad, type Rank, reshape, stack, type Tensor3D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { type PerAxis, perAxis } from "./per-axis.ts";
import { checkShape, ShapeError } from "../shape-error.ts";
import { stridedSlice } from "./strided-slice.ts";
import { checkOptions } from "../check-options.ts";

type Axes = readonly [height: number, width: number];

/** Options for {@link unfold}. */
export interface UnfoldOptions {
  /** The spacing of a window's elements. Default: 1. */
  readonly dilation?: PerAxis<Axes>;
  /** Zeros on both sides. Default: 0. */
  readonly padding?: PerAxis<Axes>;
  /** The step between windows. Default: 1. */
  readonly stride?: PerAxis<Axes>;
}

/** The windows of an image along one axis. */
export interface UnfoldAxis {
  readonly kernel: number;
  readonly dilation: number;
  readonly padding: number;
  readonly stride: number;
  /** The number of windows. */
  readonly windows: number;
}

/**
 * The windows of an image, each as one row, as `torch.nn.functional.unfold`. A row lists channel by channel, each in
 * row-major order.
 *
 * @param x `[batch, height, width, channel]`
 * @returns `[batch, window, channel · kernel height · kernel width]`; PyTorch has the last two in reverse order
 */
export function unfold(x: Tensor4D, kernelSize: PerAxis<Axes>, options: UnfoldOptions = {}): Tensor3D {
  checkOptions("unfold", options, ["dilation", "padding", "stride"]);
  checkShape("unfold", "x", x, ["batch", "height", "width", "channel"]);
  const [batch, height, width, channels] = x.shape;
  const [vertical, horizontal] = unfoldAxes("unfold", [height, width], kernelSize, options);
  return tidy(() => {
    const padded = pad(x, [
      [0, 0],
      [vertical.padding, vertical.padding],
      [horizontal.padding, horizontal.padding],
      [0, 0],
    ]);
    const positions = Array.from({ length: vertical.kernel * horizontal.kernel }, (_, i) => {
      const down = Math.floor(i / horizontal.kernel) * vertical.dilation;
      const across = (i % horizontal.kernel) * horizontal.dilation;
      const rows = stridedSlice(padded, 1, down, vertical.windows, vertical.stride);
      return stridedSlice(rows, 2, across, horizontal.windows, horizontal.stride); // [batch, row, column, channel]
    });
    const windows = vertical.windows * horizontal.windows;
    return reshape<Rank.R3>(stack(positions, 4), [batch, windows, channels * positions.length]);
  });
}

/** The windows along both axes of an image of `size`. */
export function unfoldAxes(
  caller: string,
  size: readonly [number, number],
  kernelSize: PerAxis<Axes>,
  { dilation = 1, padding = 0, stride = 1 }: UnfoldOptions,
): [UnfoldAxis, UnfoldAxis] {
  const kernels = perAxis(caller, "kernelSize", kernelSize, 2, 1);
  const dilations = perAxis(caller, "dilation", dilation, 2, 1);
  const paddings = perAxis(caller, "padding", padding, 2, 0);
  const strides = perAxis(caller, "stride", stride, 2, 1);
  const axis = (i: 0 | 1): UnfoldAxis => {
    const [kernel = 1, apart = 1, zeros = 0, step = 1] = [kernels[i], dilations[i], paddings[i], strides[i]];
    const windows = Math.floor((size[i] + 2 * zeros - apart * (kernel - 1) - 1) / step) + 1;
    if (windows < 1) {
      throw new ShapeError(
        `${caller}: the image is ${size.join(" x ")}, too small for a window of ${kernels.join(" x ")} with dilation ${apart} and padding ${zeros}.`,
      );
    }
    return { kernel, dilation: apart, padding: zeros, stride: step, windows };
  };
  return [axis(0), axis(1)];
}
