import { DataError, type HostData } from "@pellucid/core-train";
import { type Tensor2D, tensor2d, type Tensor3D, tensor3d, tidy, type Variable } from "@tensorflow/tfjs-core";
import { leastSquares } from "./fit-spline.ts";
import { splineBasis } from "./spline-basis.ts";

/** The grid and the coefficients of a layer, on the host. */
export interface HostSplines {
  /** `[feature]` rows of knots */
  readonly grid: readonly Float64Array[];
  /** `[feature]` rows `[function][output]` */
  readonly coef: readonly (readonly Float64Array[])[];
  readonly order: number;
}

/** Reads the splines of a layer. */
export async function readSplines(grid: Tensor2D, coef: Tensor3D, order: number): Promise<HostSplines> {
  const [knots, values] = await Promise.all([grid.data(), coef.data()]);
  const [features, count] = grid.shape;
  const [, functions, outputs] = coef.shape;
  return {
    grid: rows(knots, features, count),
    coef: Array.from({ length: features }, (_, i) =>
      rows(values.subarray(i * functions * outputs, (i + 1) * functions * outputs), functions, outputs),
    ),
    order,
  };
}

/** Reads features, `[batch, feature]`, as a column for each. */
export async function readColumns(caller: string, x: Tensor2D): Promise<Float64Array[]> {
  const [batch, features] = x.shape;
  if (batch === 0) throw new DataError(`${caller}: x has no examples, expected one at least.`);
  const data = await x.data();
  if (!data.every(Number.isFinite))
    throw new DataError(`${caller}: x has a number that is not finite. Is there a NaN in the data?`);
  return Array.from({ length: features }, (_, i) =>
    Float64Array.from({ length: batch }, (__, b) => data[b * features + i] ?? NaN),
  );
}

/** The splines on other knots that are nearest to `splines` at the samples of each feature. */
export function refit(
  splines: HostSplines,
  grid: readonly Float64Array[],
  samples: readonly Float64Array[],
): HostSplines {
  const { order } = splines;
  const coef = grid.map((knots, i) => {
    const x = samples[i] as Float64Array;
    return leastSquares(splineBasis(x, knots, order), valuesOf(splines, i, x));
  });
  return { grid, coef, order };
}

/** The splines of a feature at samples, rows `[sample][output]`. */
export function valuesOf(
  { grid, coef, order }: HostSplines,
  feature: number,
  x: Float64Array,
): Float64Array[] {
  const weights = coef[feature] as readonly Float64Array[];
  const outputs = weights[0]?.length ?? 0;
  return splineBasis(x, grid[feature] as Float64Array, order).map((row) => {
    const y = new Float64Array(outputs);
    for (const [f, value] of row.entries())
      if (value !== 0)
        for (let o = 0; o < outputs; o++) y[o] = (y[o] ?? NaN) + value * (weights[f]?.[o] ?? NaN);
    return y;
  });
}

/** Assigns splines to a layer's grid and coefficients. */
export function assignSplines(grid: Variable, coef: Variable, splines: HostSplines): void {
  const features = splines.grid.length;
  const flat = (lines: readonly Float64Array[]) => Float32Array.from(lines.flatMap((line) => [...line]));
  tidy(() => {
    grid.assign(tensor2d(flat(splines.grid), [features, splines.grid[0]?.length ?? 0]));
    coef.assign(tensor3d(flat(splines.coef.flat()), coef.shape as [number, number, number]));
  });
}

function rows(data: HostData, count: number, size: number): Float64Array[] {
  return Array.from({ length: count }, (_, i) => Float64Array.from(data.subarray(i * size, (i + 1) * size)));
}
