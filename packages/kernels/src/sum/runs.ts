import { type TensorInfo, util } from "@tensorflow/tfjs-core";

/** How tfjs says over which axes to sum. */
export interface SumAttributes {
  readonly axis: number | number[];
  readonly keepDims: boolean;
}

/** A sum over neighboring axes: `[tables, rows, columns]` -> `[tables, columns]`. */
export interface Run {
  readonly tables: number;
  readonly rows: number;
  readonly columns: number;
}

/** A sum over any axes, taken apart. */
export interface Runs {
  /** One after the other, from the last axes to the first. */
  readonly runs: readonly Run[];
  /** How many numbers go into each sum. */
  readonly count: number;
  /** The shape of the sums. */
  readonly shape: number[];
}

/** Takes a sum over any axes apart into sums over neighboring ones. */
export function runsOf(x: TensorInfo, { axis, keepDims }: SumAttributes): Runs {
  const axes = util.parseAxisParam(axis, x.shape);
  const shape = x.shape.flatMap((size, at) => (axes.includes(at) ? (keepDims ? [1] : []) : [size]));
  const runs: Run[] = [];
  let [columns, rows, count, isSummed] = [1, 1, 1, false];
  for (const [at, size] of [...x.shape.entries()].toReversed()) {
    if (axes.includes(at)) {
      rows *= size;
      count *= size;
    } else {
      if (isSummed) {
        runs.push({ tables: util.sizeFromShape(x.shape.slice(0, at + 1)), rows, columns });
        rows = 1;
      }
      columns *= size;
    }
    isSummed = axes.includes(at);
  }
  if (isSummed) runs.push({ tables: 1, rows, columns });
  return { runs, count, shape };
}
