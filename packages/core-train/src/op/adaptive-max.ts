import { clone, concat, slice, type Tensor } from "@tensorflow/tfjs-core";
import { adaptiveWindows } from "./adaptive-windows.ts";
import { max } from "./max.ts";

/**
 * The maxima over windows that divide each spatial axis of `[batch, ...size, channel]` into so many. From the last axis to
 * the first, so that the first of those that tie in row-major order gets the gradient.
 */
export function adaptiveMax(x: Tensor, sizes: readonly number[]): Tensor {
  return sizes.reduceRight((y, output, i) => {
    const axis = i + 1;
    const input = y.shape[axis] as number;
    if (input === output) return y;
    const parts = adaptiveWindows(input, output).map(({ start, end }) => {
      const begin = y.shape.map((_, at) => (at === axis ? start : 0));
      return max(slice(y, begin, y.shape.with(axis, end - start)), axis, true).values;
    });
    return concat(parts, axis);
  }, clone(x));
}
