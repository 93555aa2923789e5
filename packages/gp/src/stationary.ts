import { ShapeError } from "@pellucid/core-train";
import type { Matrix } from "@pellucid/core-train/linalg";
import type { KernelOptions } from "./constant.ts";
import { Hyperparameter, type Kernel, kernelOf, usual } from "./kernel.ts";
import { matrixOf, symmetric } from "./points.ts";

/** How far apart points are along each coordinate, squared and in length scales. */
export function scaledSquares(
  caller: string,
  scales: readonly number[],
  a: Float64Array,
  b: Float64Array,
): Float64Array {
  if (scales.length > 1 && scales.length !== a.length)
    throw new ShapeError(
      `${caller}: there are ${scales.length} length scales, and points have ${a.length} coordinates, expected as many.`,
    );
  return Float64Array.from(
    a,
    (value, d) => ((value - (b[d] ?? NaN)) / ((scales[d] ?? scales[0]) as number)) ** 2,
  );
}

const total = (squares: Float64Array): number => squares.reduce((sum, square) => sum + square, 0);

/**
 * A kernel of the distance in length scales, one for all coordinates or one for each.
 *
 * @param value from the squared distance
 * @param rate `−2 ∂value/∂(squared distance)`: the derivative by the logarithm of a length scale is this times the squared distance along its coordinate
 */
export function stationary(parts: {
  readonly caller: string;
  readonly lengthScale: number | readonly number[];
  readonly options: KernelOptions;
  readonly remake: (lengthScale: number | readonly number[]) => Kernel;
  readonly value: (squared: number) => number;
  readonly rate: (squared: number) => number;
  readonly text: string;
}): Kernel {
  const { caller, lengthScale, options, remake, value, rate, text } = parts;
  const scales = [lengthScale].flat();
  const squares = (a: Float64Array, b: Float64Array) => scaledSquares(caller, scales, a, b);
  const entry = (x: Matrix, y: Matrix) => (i: number, j: number) =>
    value(total(squares(x[i] as Float64Array, y[j] as Float64Array)));
  return kernelOf({
    caller,
    parameters: [new Hyperparameter(caller, "lengthScale", lengthScale, options.bounds ?? usual)],
    remake,
    matrix: (x, y) =>
      y === undefined ? symmetric(x.length, entry(x, x)) : matrixOf(x.length, y.length, entry(x, y)),
    diagonal: (x) => new Float64Array(x.length).fill(value(0)),
    gradients: (x) => [
      scales.map((_, d) =>
        symmetric(x.length, (i, j) => {
          const all = squares(x[i] as Float64Array, x[j] as Float64Array);
          const sum = total(all);
          if (sum === 0) return 0;
          return rate(sum) * (scales.length === 1 ? sum : (all[d] ?? NaN));
        }),
      ),
    ],
    text,
  });
}
