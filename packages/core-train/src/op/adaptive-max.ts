import { add, clone, concat, scalar, type Tensor, zeros } from "@tensorflow/tfjs-core";
import { noGrad } from "../no-grad.ts";
import { adaptiveWindows } from "./adaptive-windows.ts";
import { indexOfWinner } from "./index-of-winner.ts";
import { type Extremes, max } from "./max.ts";
import { sliceAlong } from "./slice-along.ts";

/**
 * The maxima over windows that divide each spatial axis of `[batch, ...size, channel]` into so many. From the last axis to
 * the first, so that the first of those that tie in row-major order gets the gradient.
 */
export function adaptiveMax(x: Tensor, sizes: readonly number[]): Tensor {
  if (x.size === 0) return zeros(pooledShape(x, sizes));
  return sizes.reduceRight((y, output, i) => {
    const axis = i + 1;
    return y.shape[axis] === output ? y : maxAlong(y, axis, output).values;
  }, clone(x));
}

/** {@link adaptiveMax} with the index of each maximum in its plane, row-major over the spatial axes of `x`. */
export function adaptiveMaxWithIndices(x: Tensor, sizes: readonly number[]): Extremes {
  if (x.size === 0) {
    const shape = pooledShape(x, sizes);
    return { values: zeros(shape), indices: zeros(shape, "int32") };
  }
  const last = sizes.length;
  const start: { values: Tensor; indices: Tensor | null } = { values: clone(x), indices: null };
  const { values, indices } = sizes.reduceRight(({ values: y, indices: within }, output, i) => {
    const axis = i + 1;
    const { values: largest, winner } = maxAlong(y, axis, output);
    const span = x.shape.slice(axis + 1, last + 1).reduce((product, size) => product * size, 1);
    const found = noGrad(() => (within === null ? winner() : indexOfWinner(winner(), within, axis, span)));
    return { values: largest, indices: found };
  }, start);
  return { values, indices: indices ?? zeros(values.shape, "int32") };
}

/** The maxima over windows along one axis, and how to tell which entry of the axis won. */
function maxAlong(x: Tensor, axis: number, output: number): { values: Tensor; winner: () => Tensor } {
  const windows = adaptiveWindows(x.shape[axis] ?? 0, output).map(({ start, end }) => {
    const { values, indices } = max(sliceAlong(x, axis, start, end - start), axis, true);
    return { start, values, indices };
  });
  return {
    values: concat(
      windows.map(({ values }) => values),
      axis,
    ),
    winner: () =>
      concat(
        windows.map(({ start, indices }) => add(indices, scalar(start, "int32"))),
        axis,
      ),
  };
}

function pooledShape(x: Tensor, sizes: readonly number[]): number[] {
  return [x.shape[0] ?? 0, ...sizes, x.shape.at(-1) ?? 0];
}
