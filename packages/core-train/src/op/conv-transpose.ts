import { add, pad, type Tensor, type Tensor1D, type Tensor4D } from "@tensorflow/tfjs-core";
import { checkShape, ShapeError } from "../shape-error.ts";
import { convolveInput } from "./convolve.ts";
import { type PerAxis, perAxis } from "./per-axis.ts";
import { WindowError } from "./window-error.ts";
import { sizeAlong } from "./size-along.ts";
import { checkTensor } from "../check-tensor.ts";

/** Options for a transposed convolution. */
export interface ConvTransposeOptions<Axes extends readonly number[] = readonly number[]> {
  /** The step between windows in the output. Default: 1. */
  readonly stride?: PerAxis<Axes>;
  /** The number of elements cut off on both sides of the output. Default: 0. */
  readonly padding?: PerAxis<Axes>;
  /** The number of elements added at the end of the output, less than `stride` or `dilation`. Default: 0. */
  readonly outputPadding?: PerAxis<Axes>;
  /** The spacing of a filter's elements in the output. Default: 1. */
  readonly dilation?: PerAxis<Axes>;
  /** The number of groups of channels, each convolved on its own. Default: 1. */
  readonly groups?: number;
}

/** A transposed convolution along one axis. */
export interface TransposedAxis {
  readonly stride: number;
  readonly dilation: number;
  /** The number of elements cut off the output at either end. */
  readonly cut: readonly [number, number];
  /** The number of zeros appended where `outputPadding` exceeds what would be cut off. */
  readonly zeros: number;
  /** The length without these zeros. */
  readonly output: number;
}

/**
 * How `weight`, `[...kernel, out / groups, in]`, is transposed over each spatial axis of `x`, `[batch, ...size, in]`.
 *
 * @throws ShapeError when the shapes do not match or the output would be empty
 * @throws WindowError when an option is out of its range
 */
export function transposedAxes<Axes extends readonly TransposedAxis[]>(
  caller: string,
  names: readonly string[],
  { x, weight, bias }: { x: Tensor; weight: Tensor; bias: Tensor | null },
  { stride = 1, padding = 0, outputPadding = 0, dilation = 1, groups = 1 }: ConvTransposeOptions,
): Axes {
  checkTensor(caller, "weight", weight);
  const kernel = weight.shape.slice(0, -2);
  const [outPerGroup = 0, inChannels = 0] = weight.shape.slice(-2);
  checkShape(caller, "x", x, ["batch", ...names, inChannels]);
  perAxis(caller, "groups", groups, 1, 1);
  if (inChannels % groups !== 0) {
    throw new ShapeError(
      `${caller}: weight has ${inChannels} input channels, expected a multiple of groups (${groups}).`,
    );
  }
  if (bias !== null) checkShape(caller, "bias", bias, [outPerGroup * groups]);
  const strides = perAxis(caller, "stride", stride, kernel.length, 1);
  const paddings = perAxis(caller, "padding", padding, kernel.length, 0);
  const extras = perAxis(caller, "outputPadding", outputPadding, kernel.length, 0);
  const dilations = perAxis(caller, "dilation", dilation, kernel.length, 1);
  return kernel.map((size, i): TransposedAxis => {
    const [step = 1, cut = 0, extra = 0, apart = 1] = [strides[i], paddings[i], extras[i], dilations[i]];
    if (extra >= Math.max(step, apart)) {
      throw new WindowError(
        `${caller}: outputPadding is ${extra}, expected less than stride ${step} or dilation ${apart}.`,
      );
    }
    const full = (sizeAlong(x, i + 1) - 1) * step + apart * (size - 1) + 1;
    const cutAfter = Math.max(cut - extra, 0);
    const zeros = Math.max(extra - cut, 0);
    const output = full - cut - cutAfter;
    if (output + zeros < 1) {
      throw new ShapeError(
        `${caller}: x is [${x.shape.join(", ")}], too small for padding ${cut}: the output would be empty. Pass less padding or a larger input.`,
      );
    }
    return { stride: step, dilation: apart, cut: [cut, cutAfter], zeros, output };
  }) as readonly TransposedAxis[] as Axes;
}

/** Transposed convolution of `[batch, height, width, in]` with `[height, width, out / groups, in]`. */
export function convTransposeImages(
  x: Tensor4D,
  filter: Tensor4D,
  bias: Tensor1D | null,
  [vertical, horizontal]: readonly [TransposedAxis, TransposedAxis],
  groups: number,
): Tensor4D {
  const y = convolveInput(
    { dy: x, filter },
    {
      strides: [vertical.stride, horizontal.stride],
      padding: [vertical.cut, horizontal.cut],
      dilations: [vertical.dilation, horizontal.dilation],
      groups,
      inputShape: [x.shape[0], vertical.output, horizontal.output, filter.shape[2] * groups],
    },
  ); //                                                           [batch, height, width, out]
  const zeros: [number, number][] = [
    [0, 0],
    [0, vertical.zeros],
    [0, horizontal.zeros],
    [0, 0],
  ];
  const whole = vertical.zeros + horizontal.zeros > 0 ? pad(y, zeros) : y;
  return bias === null ? whole : add(whole, bias);
}
