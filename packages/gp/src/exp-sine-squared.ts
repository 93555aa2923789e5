import { checkArguments, checkOptions } from "@pellucid/core-train";
import type { Matrix } from "@pellucid/core-train/linalg";
import { type Bounds, Hyperparameter, type Kernel, kernelOf, usual, written } from "./kernel.ts";
import { matrixOf, symmetric } from "./points.ts";
import { scaledSquares } from "./stationary.ts";

/** Options for {@link expSineSquared}. */
export interface ExpSineSquaredOptions {
  /** Default: 1. */
  readonly lengthScale?: number;
  /** Default: 1. */
  readonly periodicity?: number;
  /** Default: 1e-5 to 1e5. */
  readonly lengthScaleBounds?: Bounds;
  /** Default: 1e-5 to 1e5. */
  readonly periodicityBounds?: Bounds;
}

/**
 * The kernel `exp(−2 sin²(π d / p) / ℓ²)`, of periodic functions. scikit-learn's `ExpSineSquared`. `d` is the Euclidean distance; with more than one coordinate the matrix need not be positive
 * definite.
 */
export function expSineSquared(options: ExpSineSquaredOptions = {}): Kernel {
  checkArguments("expSineSquared", { record: { options } });
  checkOptions("expSineSquared", options, [
    "lengthScale",
    "periodicity",
    "lengthScaleBounds",
    "periodicityBounds",
  ]);
  const { lengthScale = 1, periodicity = 1, lengthScaleBounds = usual, periodicityBounds = usual } = options;
  const angle = (a: Float64Array, b: Float64Array) =>
    (Math.PI / periodicity) *
    Math.sqrt(scaledSquares("expSineSquared", [1], a, b).reduce((s, each) => s + each, 0));
  const value = (t: number) => Math.exp(-2 * (Math.sin(t) / lengthScale) ** 2);
  const at = (x: Matrix, y: Matrix, f: (t: number) => number) => (i: number, j: number) =>
    f(angle(x[i] as Float64Array, y[j] as Float64Array));
  const rate = 4 / lengthScale ** 2;
  return kernelOf({
    caller: "expSineSquared",
    parameters: [
      new Hyperparameter("expSineSquared", "lengthScale", lengthScale, lengthScaleBounds),
      new Hyperparameter("expSineSquared", "periodicity", periodicity, periodicityBounds),
    ],
    remake: (l, p) => expSineSquared({ ...options, lengthScale: l as number, periodicity: p as number }),
    matrix: (x, y) =>
      y === undefined ? symmetric(x.length, at(x, x, value)) : matrixOf(x.length, y.length, at(x, y, value)),
    diagonal: (x) => new Float64Array(x.length).fill(1),
    gradients: (x) => [
      [
        symmetric(
          x.length,
          at(x, x, (t) => rate * Math.sin(t) ** 2 * value(t)),
        ),
      ],
      [
        symmetric(
          x.length,
          at(x, x, (t) => rate * t * Math.cos(t) * Math.sin(t) * value(t)),
        ),
      ],
    ],
    text: `ExpSineSquared(length_scale=${written(lengthScale)}, periodicity=${written(periodicity)})`,
  });
}
