import type { Tensor } from "@tensorflow/tfjs-core";
import { checkShape, ShapeError } from "../shape-error.ts";
import { type PerAxis, perAxis } from "./per-axis.ts";
import { WindowError } from "./window-error.ts";

/** Options for pooling. */
export interface PoolOptions<Axes extends readonly number[] = readonly number[]> {
  /** The step between windows. Default: the kernel size. */
  readonly stride?: PerAxis<Axes>;
  /** The padding on both sides, at most half of the kernel size. Default: 0. */
  readonly padding?: PerAxis<Axes>;
  /** Whether to include a last window that starts inside the input but ends outside. Default: false. */
  readonly ceilMode?: boolean;
}

/** A pooling window along one axis. */
export interface PoolAxis {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** The padding at the start: the padding that was passed. */
  readonly before: number;
  /** The number of positions that the last window extends beyond the end. */
  readonly after: number;
  /** The padding at the end with which windows that must end inside of it are these; it depends on the input's size only if the stride is long. */
  readonly end: number;
  readonly input: number;
  readonly output: number;
}

const axisNames = ["depth", "height", "width"];

/**
 * Resolves the pooling window along each spatial axis of `x`, `[batch, ...size, channel]`.
 *
 * @throws ShapeError when `x` has another rank or the window does not fit
 * @throws WindowError when an option is out of its range
 */
export function poolWindow<Axes extends readonly PoolAxis[]>(
  caller: string,
  x: Tensor,
  kernelSize: PerAxis,
  { stride = kernelSize, padding = 0, dilation = 1, ceilMode = false }: PoolOptions & { dilation?: PerAxis },
  axes: Axes["length"],
): Axes {
  const names = axes === 1 ? ["time"] : axisNames.slice(-axes);
  checkShape(caller, "x", x, ["batch", ...names, "channel"]);
  const kernels = perAxis(caller, "kernelSize", kernelSize, axes, 1);
  const strides = perAxis(caller, "stride", stride, axes, 1);
  const paddings = perAxis(caller, "padding", padding, axes, 0);
  const dilations = perAxis(caller, "dilation", dilation, axes, 1);
  return kernels.map((kernel, i) => {
    const [step = 1, zeros = 0, apart = 1, input = 0] = [
      strides[i],
      paddings[i],
      dilations[i],
      x.shape[i + 1],
    ];
    if (zeros > kernel / 2) {
      throw new WindowError(
        `${caller}: padding is ${zeros}, expected at most half of the kernel size ${kernel}: every window must overlap the input.`,
      );
    }
    const span = apart * (kernel - 1) + 1;
    const room = input + 2 * zeros - span;
    let output = (ceilMode ? Math.ceil(room / step) : Math.floor(room / step)) + 1;
    // The last window must start inside the input or the padding before it.
    if (ceilMode && (output - 1) * step >= input + zeros) output--;
    if (room < 0 || output < 1) {
      throw new ShapeError(
        `${caller}: x is [${x.shape.join(", ")}], too small for a window that spans ${span} with padding ${zeros}. ` +
          "Pass a larger input, more padding or a smaller kernel.",
      );
    }
    const after = Math.max(0, (output - 1) * step + span - input - zeros);
    const rounded = step <= span - zeros ? zeros + step - 1 : after;
    const end = ceilMode ? rounded : zeros;
    return { kernel, stride: step, dilation: apart, before: zeros, after, end, input, output };
  }) as readonly PoolAxis[] as Axes;
}

/** An axis of `size` that is not pooled. */
export function untouched(size: number): PoolAxis {
  return { kernel: 1, stride: 1, dilation: 1, before: 0, after: 0, end: 0, input: size, output: size };
}
