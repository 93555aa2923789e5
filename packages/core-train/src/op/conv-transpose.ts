import { add, pad, type Tensor, type Tensor1D, type Tensor4D } from "@tensorflow/tfjs-core";
import { checkShape, ShapeError } from "../shape-error.ts";
import { convolveInput } from "./convolve.ts";
import { type PerAxis, perAxis } from "./per-axis.ts";
import { WindowError } from "./window-error.ts";
import { sizeAlong } from "./size-along.ts";

/** How a transposed convolution moves. */
export interface ConvTransposeOptions<Axes extends readonly number[] = readonly number[]> {
  /** How far apart the windows are in the output. Default: 1. */
  readonly stride?: PerAxis<Axes>;
  /** How much is cut off on both sides of the output. Default: 0. */
  readonly padding?: PerAxis<Axes>;
  /** How much the output is longer at its end, less than `stride` or `dilation`. Default: 0. */
  readonly outputPadding?: PerAxis<Axes>;
  /** How far apart the numbers of a filter are in the output. Default: 1. */
  readonly dilation?: PerAxis<Axes>;
  /** Into how many groups the channels fall that do not see each other. Default: 1. */
  readonly groups?: number;
}

/** How a transposed convolution moves along one axis. */
export interface TransposedAxis {
  readonly stride: number;
  readonly dilation: number;
  /** What is cut off the output at either end. */
  readonly cut: readonly [number, number];
  /** How many zeros follow, where `outputPadding` is more than there is to cut. */
  readonly zeros: number;
  /** The length without them. */
  readonly output: number;
}

/**
 * How `weight`, `[...kernel, out / groups, in]`, is transposed over each spatial axis of `x`, `[batch, ...size, in]`.
 *
 * @throws ShapeError when the shapes do not go together or nothing would come out
 * @throws WindowError when the options make no sense
 */
export function transposedAxes<Axes extends readonly TransposedAxis[]>(
  who: string,
  names: readonly string[],
  { x, weight, bias }: { x: Tensor; weight: Tensor; bias: Tensor | null },
  { stride = 1, padding = 0, outputPadding = 0, dilation = 1, groups = 1 }: ConvTransposeOptions,
): Axes {
  const kernel = weight.shape.slice(0, -2);
  const [outPerGroup = 0, inChannels = 0] = weight.shape.slice(-2);
  checkShape(who, "x", x, ["batch", ...names, inChannels]);
  perAxis(who, "groups", groups, 1, 1);
  if (inChannels % groups !== 0) {
    throw new ShapeError(
      `${who}: weight has ${inChannels} input channels, which do not fall into ${groups} groups.`,
    );
  }
  if (bias !== null) checkShape(who, "bias", bias, [outPerGroup * groups]);
  const strides = perAxis(who, "stride", stride, kernel.length, 1);
  const paddings = perAxis(who, "padding", padding, kernel.length, 0);
  const extras = perAxis(who, "outputPadding", outputPadding, kernel.length, 0);
  const dilations = perAxis(who, "dilation", dilation, kernel.length, 1);
  return kernel.map((size, i): TransposedAxis => {
    const [step = 1, cut = 0, extra = 0, apart = 1] = [strides[i], paddings[i], extras[i], dilations[i]];
    if (extra >= Math.max(step, apart)) {
      throw new WindowError(
        `${who}: outputPadding is ${extra}, expected less than stride ${step} or dilation ${apart}.`,
      );
    }
    const full = (sizeAlong(x, i + 1) - 1) * step + apart * (size - 1) + 1;
    const cutAfter = Math.max(cut - extra, 0);
    const zeros = Math.max(extra - cut, 0);
    const output = full - cut - cutAfter;
    if (output + zeros < 1) {
      throw new ShapeError(
        `${who}: x is [${x.shape.join(", ")}], of which padding ${cut} leaves nothing. Pass less padding or a larger input.`,
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
