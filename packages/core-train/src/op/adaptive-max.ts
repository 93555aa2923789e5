import { clone, concat, type Tensor, zeros } from "@tensorflow/tfjs-core";
import { adaptiveWindows } from "./adaptive-windows.ts";
import { max } from "./max.ts";
import { sliceAlong } from "./slice-along.ts";

/**
 * The maxima over windows that divide each spatial axis of `[batch, ...size, channel]` into so many. From the last axis to
 * the first, so that the first of those that tie in row-major order gets the gradient.
 */
export function adaptiveMax(x: Tensor, sizes: readonly number[]): Tensor {
  if (x.size === 0) return zeros([x.shape[0] as number, ...sizes, x.shape.at(-1) as number]);
  return sizes.reduceRight((y, output, i) => {
    const axis = i + 1;
    const input = y.shape[axis] as number;
    if (input === output) return y;
    const parts = adaptiveWindows(input, output).map(({ start, end }) => {
      const window = sliceAlong(y, axis, start, end - start);
      return max(window, axis, true).values;
    });
    return concat(parts, axis);
  }, clone(x));
}
