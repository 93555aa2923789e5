import { checkArguments } from "@pellucid/core-train";
import { type Bounds, Hyperparameter, type Kernel, kernelOf, usual, written } from "./kernel.ts";
import { matrixOf } from "./points.ts";

/** Options of kernels with one hyperparameter. */
export interface KernelOptions {
  /** The bounds of what is learned, or `"fixed"`. Default: 1e-5 to 1e5. */
  readonly bounds?: Bounds;
}

/** The kernel `value`, everywhere: the variance of an unknown constant; or, in a product, a factor. scikit-learn's `ConstantKernel`. */
export function constant(value = 1, options: KernelOptions = {}): Kernel {
  checkArguments("constant", { record: { options } });
  const { bounds = usual } = options;
  return kernelOf({
    caller: "constant",
    parameters: [new Hyperparameter("constant", "value", value, bounds)],
    remake: (given) => constant(given as number, options),
    matrix: (x, y = x) => matrixOf(x.length, y.length, () => value),
    diagonal: (x) => new Float64Array(x.length).fill(value),
    gradients: (x) => [[matrixOf(x.length, x.length, () => value)]],
    text: `${written(Math.sqrt(value))}**2`,
  });
}
