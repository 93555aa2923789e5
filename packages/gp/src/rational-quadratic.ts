import { checkArguments, checkOptions } from "@pellucid/core-train";
import type { Matrix } from "@pellucid/core-train/linalg";
import { type Bounds, Hyperparameter, type Kernel, kernelOf, usual, written } from "./kernel.ts";
import { matrixOf, symmetric } from "./points.ts";
import { scaledSquares } from "./stationary.ts";

/** Options for {@link rationalQuadratic}. */
export interface RationalQuadraticOptions {
  /** Default: 1. */
  readonly lengthScale?: number;
  /** The smaller, the more length scales are mixed. Default: 1. */
  readonly alpha?: number;
  /** Default: 1e-5 to 1e5. */
  readonly lengthScaleBounds?: Bounds;
  /** Default: 1e-5 to 1e5. */
  readonly alphaBounds?: Bounds;
}

/** The kernel `(1 + d² / (2 α ℓ²))^−α`, a mixture of {@link rbf} of many length scales. scikit-learn's `RationalQuadratic`; α is learned first. */
export function rationalQuadratic(options: RationalQuadraticOptions = {}): Kernel {
  checkArguments("rationalQuadratic", { record: { options } });
  checkOptions("rationalQuadratic", options, ["lengthScale", "alpha", "lengthScaleBounds", "alphaBounds"]);
  const { lengthScale = 1, alpha = 1, lengthScaleBounds = usual, alphaBounds = usual } = options;
  const squared = (a: Float64Array, b: Float64Array) =>
    scaledSquares("rationalQuadratic", [lengthScale], a, b).reduce((sum, each) => sum + each, 0);
  const base = (s: number) => 1 + s / (2 * alpha);
  const value = (s: number) => base(s) ** -alpha;
  const at = (x: Matrix, y: Matrix, f: (s: number) => number) => (i: number, j: number) =>
    f(squared(x[i] as Float64Array, y[j] as Float64Array));
  return kernelOf({
    caller: "rationalQuadratic",
    parameters: [
      new Hyperparameter("rationalQuadratic", "alpha", alpha, alphaBounds),
      new Hyperparameter("rationalQuadratic", "lengthScale", lengthScale, lengthScaleBounds),
    ],
    remake: (a, l) => rationalQuadratic({ ...options, alpha: a as number, lengthScale: l as number }),
    matrix: (x, y) =>
      y === undefined ? symmetric(x.length, at(x, x, value)) : matrixOf(x.length, y.length, at(x, y, value)),
    diagonal: (x) => new Float64Array(x.length).fill(1),
    gradients: (x) => [
      [
        symmetric(
          x.length,
          at(x, x, (s) => value(s) * (s / (2 * base(s)) - alpha * Math.log(base(s)))),
        ),
      ],
      [
        symmetric(
          x.length,
          at(x, x, (s) => (value(s) * s) / base(s)),
        ),
      ],
    ],
    text: `RationalQuadratic(alpha=${written(alpha)}, length_scale=${written(lengthScale)})`,
  });
}
