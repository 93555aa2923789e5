import { checkArguments } from "@pellucid/core-train";
import type { KernelOptions } from "./constant.ts";
import { Hyperparameter, type Kernel, kernelOf, usual, written } from "./kernel.ts";
import { matrixOf } from "./points.ts";

/** Noise of a variance: of one set of points the variance on the diagonal, also where points are equal; between two sets 0. scikit-learn's `WhiteKernel`. */
export function white(noise = 1, options: KernelOptions = {}): Kernel {
  checkArguments("white", { record: { options } });
  const { bounds = usual } = options;
  const identity = (n: number) => matrixOf(n, n, (i, j) => (i === j ? noise : 0));
  return kernelOf({
    caller: "white",
    parameters: [new Hyperparameter("white", "noise", noise, bounds)],
    remake: (given) => white(given as number, options),
    matrix: (x, y) => (y === undefined ? identity(x.length) : matrixOf(x.length, y.length, () => 0)),
    diagonal: (x) => new Float64Array(x.length).fill(noise),
    gradients: (x) => [[identity(x.length)]],
    text: `WhiteKernel(noise_level=${written(noise)})`,
  });
}
