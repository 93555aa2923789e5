import { checkArguments } from "@pellucid/core-train";
import type { KernelOptions } from "./constant.ts";
import { Hyperparameter, type Kernel, kernelOf, usual, written } from "./kernel.ts";
import { dot, matrixOf } from "./points.ts";

/** The kernel `x · y + σ₀²`, of linear functions. scikit-learn's `DotProduct`. */
export function dotProductKernel(sigma0 = 1, options: KernelOptions = {}): Kernel {
  checkArguments("dotProductKernel", { record: { options } });
  const { bounds = usual } = options;
  return kernelOf({
    caller: "dotProductKernel",
    parameters: [new Hyperparameter("dotProductKernel", "sigma0", sigma0, bounds)],
    remake: (given) => dotProductKernel(given as number, options),
    matrix: (x, y = x) =>
      matrixOf(x.length, y.length, (i, j) => dot(x[i] as Float64Array, y[j] as Float64Array) + sigma0 ** 2),
    diagonal: (x) => Float64Array.from(x, (point) => dot(point, point) + sigma0 ** 2),
    gradients: (x) => [[matrixOf(x.length, x.length, () => 2 * sigma0 ** 2)]],
    text: `DotProduct(sigma_0=${written(sigma0)})`,
  });
}
