import { pad } from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";

/** A window that moves along some axes. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: "valid" | "same" | "causal";
}

/** `[before, after]` for each spatial axis: TensorFlow's, which depends on the size and puts the odd one at the end. */
export function windowPadding(
  sizes: readonly number[],
  { kernel, strides, dilations, padding }: Window,
): readonly (readonly [before: number, after: number])[] {
  return kernel.map((size, i) => {
    const span = (size - 1) * (dilations[i] ?? NaN) + 1;
    if (padding === "valid") return [0, 0];
    if (padding === "causal") return [span - 1, 0];
    const [input, stride] = [sizes[i] ?? NaN, strides[i] ?? NaN];
    const total = Math.max((Math.ceil(input / stride) - 1) * stride + span - input, 0);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  });
}

/** Pads the spatial axes of `[batch, ...position, channel]` for a window. */
export function padFor(x: Tensor, window: Window, value: number): Tensor {
  const sides = windowPadding(x.shape.slice(1, -1), window);
  if (sides.every(([before, after]) => before === 0 && after === 0)) return x;
  return pad(x, [[0, 0], ...sides, [0, 0]], { value });
}
