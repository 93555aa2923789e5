import { type PerAxis, perAxis } from "./per-axis.ts";
import { WindowError } from "./window-error.ts";

/** Options for a convolution. */
export interface ConvolutionOptions<Axes extends readonly number[] = readonly number[]> {
  /** The step between windows. Default: 1. */
  readonly stride?: PerAxis<Axes>;
  /**
   * Zeros on both sides. `"same"` keeps the size at stride 1, with the odd zero at the end; `"valid"` adds none.
   * Default: 0.
   */
  readonly padding?: PerAxis<Axes> | "same" | "valid";
  /** The spacing of the elements under a filter. Default: 1. */
  readonly dilation?: PerAxis<Axes>;
  /** The number of groups of channels, each convolved on its own. Default: 1. */
  readonly groups?: number;
}

/** The options of a convolution for each spatial axis. */
export interface ResolvedConvolution<Kernel extends readonly number[] = readonly number[]> {
  readonly strides: ForEach<Kernel, number>;
  /** Zeros before and after. */
  readonly padding: ForEach<Kernel, readonly [before: number, after: number]>;
  readonly dilations: ForEach<Kernel, number>;
  readonly groups: number;
}

type ForEach<Axes, Value> = { readonly [Axis in keyof Axes]: Value };

/** Fills in the defaults of a window of `kernel` size. */
export function resolveConvolution<const Kernel extends readonly number[]>(
  caller: string,
  kernel: Kernel,
  { stride = 1, padding = 0, dilation = 1, groups = 1 }: ConvolutionOptions,
): ResolvedConvolution<Kernel> {
  const count = kernel.length;
  const strides = perAxis(caller, "stride", stride, count, 1);
  const dilations = perAxis(caller, "dilation", dilation, count, 1);
  perAxis(caller, "groups", groups, 1, 1);
  const sides = (): [number, number][] => {
    if (padding === "valid") return kernel.map(() => [0, 0]);
    if (padding !== "same") {
      return perAxis(caller, "padding", padding, count, 0).map((zeros) => [zeros, zeros]);
    }
    if (strides.some((step) => step > 1)) {
      throw new WindowError(
        `${caller}: padding "same" needs stride 1, but stride is ${[stride].flat().join(", ")}.`,
      );
    }
    return kernel.map((size, axis) => {
      const zeros = (dilations[axis] as number) * (size - 1);
      return [Math.floor(zeros / 2), Math.ceil(zeros / 2)];
    });
  };
  const resolved: ResolvedConvolution = { strides, padding: sides(), dilations, groups };
  return resolved as ResolvedConvolution<Kernel>; // perAxis gives as many numbers as the kernel has
}
