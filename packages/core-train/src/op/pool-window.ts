import type { Tensor } from "@tensorflow/tfjs-core";
import { checkShape, ShapeError } from "../shape-error.ts";
import { type PerAxis, perAxis } from "./per-axis.ts";
import { WindowError } from "./window-error.ts";

/** How a pooling window moves. */
export interface PoolOptions<Axes extends readonly number[] = readonly number[]> {
  /** How far the window moves. Default: the kernel size. */
  readonly stride?: PerAxis<Axes>;
  /** How far the window reaches over each side, at most half of the kernel size. Default: 0. */
  readonly padding?: PerAxis<Axes>;
  /** Whether a last window counts that starts inside but reaches over the end. Default: false. */
  readonly ceilMode?: boolean;
}

/** How a pooling window moves along one axis. */
export interface PoolAxis {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** How far the windows reach over the start: the padding asked for. */
  readonly before: number;
  /** How far the last window reaches over the end. */
  readonly after: number;
  readonly input: number;
  readonly output: number;
}

const axisNames = ["depth", "height", "width"];

/**
 * How a window pools each spatial axis of `x`, `[batch, ...size, channel]`.
 *
 * @throws ShapeError when `x` has another rank or the window does not fit
 * @throws WindowError when the options make no sense
 */
export function poolWindow<Axes extends readonly PoolAxis[]>(
  who: string,
  x: Tensor,
  kernelSize: PerAxis,
  { stride = kernelSize, padding = 0, dilation = 1, ceilMode = false }: PoolOptions & { dilation?: PerAxis },
  axes: Axes["length"],
): Axes {
  const names = axes === 1 ? ["time"] : axisNames.slice(-axes);
  checkShape(who, "x", x, ["batch", ...names, "channel"]);
  const kernels = perAxis(who, "kernelSize", kernelSize, axes, 1);
  const strides = perAxis(who, "stride", stride, axes, 1);
  const paddings = perAxis(who, "padding", padding, axes, 0);
  const dilations = perAxis(who, "dilation", dilation, axes, 1);
  return kernels.map((kernel, i) => {
    const [step = 1, zeros = 0, apart = 1, input = 0] = [
      strides[i],
      paddings[i],
      dilations[i],
      x.shape[i + 1],
    ];
    if (zeros > kernel / 2) {
      throw new WindowError(
        `${who}: padding is ${zeros}, expected at most half of the kernel size ${kernel}: a window must see the input.`,
      );
    }
    const span = apart * (kernel - 1) + 1;
    const room = input + 2 * zeros - span;
    let output = (ceilMode ? Math.ceil(room / step) : Math.floor(room / step)) + 1;
    // The last window must start inside the input or the padding before it.
    if (ceilMode && (output - 1) * step >= input + zeros) output--;
    if (room < 0 || output < 1) {
      throw new ShapeError(
        `${who}: x is [${x.shape.join(", ")}], too small for a window that spans ${span} with padding ${zeros}. ` +
          "Pass a larger input, more padding or a smaller kernel.",
      );
    }
    const after = Math.max(0, (output - 1) * step + span - input - zeros);
    return { kernel, stride: step, dilation: apart, before: zeros, after, input, output };
  }) as readonly PoolAxis[] as Axes;
}

/** An axis of `size` that is not pooled. */
export function untouched(size: number): PoolAxis {
  return { kernel: 1, stride: 1, dilation: 1, before: 0, after: 0, input: size, output: size };
}
