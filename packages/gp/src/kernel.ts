import { checkArguments, checkPositive, OptionError } from "@pellucid/core-train";
import type { Matrix } from "@pellucid/core-train/linalg";

/**
 * A covariance of values at two points. Kernels do not change: {@link withTheta} makes another.
 *
 * Which hyperparameters are learned, their order and their logarithms are scikit-learn's.
 */
export interface Kernel {
  /** The logarithms of the hyperparameters that are learned. */
  readonly theta: readonly number[];
  /** The bounds of each of them, as logarithms. */
  readonly bounds: readonly (readonly [low: number, high: number])[];
  /** The same kernel with other hyperparameters. */
  withTheta(theta: readonly number[]): Kernel;
  /**
   * The covariances of all pairs. Of one set of points they include noise, between two sets never, also where points are equal.
   *
   * @returns `[x][y]`
   */
  matrix(x: Matrix, y?: Matrix): Float64Array[];
  /** The diagonal of `matrix(x)`. */
  diagonal(x: Matrix): Float64Array;
  /** The derivatives of `matrix(x)` with respect to each entry of `theta`. */
  gradients(x: Matrix): Float64Array[][];
  /** The kernel with its numbers, such as `RBF(length_scale=1)`. */
  toString(): string;
}

/** The bounds of a hyperparameter, or `"fixed"` for one that is not learned. */
export type Bounds = readonly [low: number, high: number] | "fixed";

/** The default of bounds. */
export const usual: Bounds = [1e-5, 1e5];

/** A positive hyperparameter of one number or several. */
export class Hyperparameter {
  readonly values: readonly number[];
  readonly bounds: Bounds;

  constructor(caller: string, name: string, values: number | readonly number[], bounds: Bounds) {
    this.values = [values].flat();
    checkArguments(caller, { numbers: { [name]: this.values } });
    if (this.values.length === 0) throw new OptionError(caller, name, "[]", "one number or more");
    for (const value of this.values) checkPositive(caller, { [name]: value });
    if (bounds !== "fixed") {
      if (!Array.isArray(bounds) || bounds.length !== 2)
        throw new OptionError(caller, `${name} bounds`, String(bounds), 'two numbers, or "fixed"');
      checkPositive(caller, { [`${name} bounds`]: bounds[0] });
      if (!(bounds[0] < bounds[1]))
        throw new OptionError(caller, `${name} bounds`, `[${bounds.join(", ")}]`, "the lower one first");
    }
    this.bounds = bounds;
  }

  get theta(): readonly number[] {
    return this.bounds === "fixed" ? [] : this.values.map((value) => Math.log(value));
  }

  get logBounds(): readonly (readonly [number, number])[] {
    const { bounds } = this;
    if (bounds === "fixed") return [];
    return this.values.map((): [number, number] => [Math.log(bounds[0]), Math.log(bounds[1])]);
  }

  /** Its values, from the front of a list of logarithms that it shortens. */
  take(theta: number[]): number | readonly number[] {
    const values = this.bounds === "fixed" ? this.values : theta.splice(0, this.values.length).map(Math.exp);
    return values.length === 1 ? (values[0] ?? NaN) : values;
  }
}

/** A kernel from its hyperparameters, and a function of two points with its derivatives. */
export function kernelOf(parts: {
  readonly caller: string;
  readonly parameters: readonly Hyperparameter[];
  readonly remake: (...values: (number | readonly number[])[]) => Kernel;
  readonly matrix: (x: Matrix, y?: Matrix) => Float64Array[];
  readonly diagonal: (x: Matrix) => Float64Array;
  /** Of every hyperparameter, learned or not, one matrix for each of its numbers. */
  readonly gradients: (x: Matrix) => Float64Array[][][];
  readonly text: string;
}): Kernel {
  const { caller, parameters, remake, matrix, diagonal, gradients, text } = parts;
  const theta = parameters.flatMap((parameter) => parameter.theta);
  return {
    theta,
    bounds: parameters.flatMap((parameter) => parameter.logBounds),
    withTheta(given) {
      if (given.length !== theta.length)
        throw new OptionError(caller, "theta", `${given.length} numbers`, `${theta.length}`);
      const left = [...given];
      return remake(...parameters.map((parameter) => parameter.take(left)));
    },
    matrix,
    diagonal,
    gradients: (x) => gradients(x).flatMap((of, i) => (parameters[i]?.bounds === "fixed" ? [] : of)),
    toString: () => text,
  };
}

/** A number as a kernel's text has it. */
export const written = (value: number | readonly number[]): string =>
  Array.isArray(value)
    ? `[${value.map((each: number) => Number(each.toPrecision(3))).join(", ")}]`
    : String(Number((value as number).toPrecision(3)));
