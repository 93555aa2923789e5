import { checkArguments, checkPositive } from "@pellucid/core-train";
import type { Kernel } from "./kernel.ts";
import type { Matrix } from "@pellucid/core-train/linalg";

const combine = (a: Matrix, b: Matrix, of: (p: number, q: number) => number): Float64Array[] =>
  a.map((row, i) => row.map((value, j) => of(value, b[i]?.[j] as number)));

function pair(
  a: Kernel,
  b: Kernel,
  of: (p: number, q: number) => number,
  gradients: (x: Matrix) => Float64Array[][],
  remake: (a: Kernel, b: Kernel) => Kernel,
  text: string,
): Kernel {
  const count = a.theta.length;
  return {
    theta: [...a.theta, ...b.theta],
    bounds: [...a.bounds, ...b.bounds],
    withTheta: (theta) => remake(a.withTheta(theta.slice(0, count)), b.withTheta(theta.slice(count))),
    matrix: (x, y) => combine(a.matrix(x, y), b.matrix(x, y), of),
    diagonal: (x) => combine([a.diagonal(x)], [b.diagonal(x)], of)[0] as Float64Array,
    gradients,
    toString: () => text,
  };
}

function sumOfTwo(a: Kernel, b: Kernel): Kernel {
  const gradients = (x: Matrix) => [...a.gradients(x), ...b.gradients(x)];
  return pair(a, b, (p, q) => p + q, gradients, sumOfTwo, `${a.toString()} + ${b.toString()}`);
}

function productOfTwo(a: Kernel, b: Kernel): Kernel {
  const gradients = (x: Matrix) => {
    const [ka, kb] = [a.matrix(x), b.matrix(x)];
    const times = (of: Float64Array[][], k: Matrix) => of.map((one) => combine(one, k, (p, q) => p * q));
    return [...times(a.gradients(x), kb), ...times(b.gradients(x), ka)];
  };
  return pair(a, b, (p, q) => p * q, gradients, productOfTwo, `${a.toString()} * ${b.toString()}`);
}

/** The sum of kernels: of independent functions that are added. */
export function sumOf(first: Kernel, ...others: readonly Kernel[]): Kernel {
  checkArguments("sumOf", {
    "{ theta, matrix, diagonal, gradients }": { first },
    "{ theta, matrix, diagonal, gradients }[]": { others },
  });
  return others.reduce(sumOfTwo, first);
}

/** The product of kernels. */
export function productOf(first: Kernel, ...others: readonly Kernel[]): Kernel {
  checkArguments("productOf", {
    "{ theta, matrix, diagonal, gradients }": { first },
    "{ theta, matrix, diagonal, gradients }[]": { others },
  });
  return others.reduce(productOfTwo, first);
}

/** A kernel to a power, which is not learned. scikit-learn's `Exponentiation`. */
export function powerOf(kernel: Kernel, exponent: number): Kernel {
  checkArguments("powerOf", { "{ theta, matrix, diagonal, gradients }": { kernel } });
  checkPositive("powerOf", { exponent });
  const raised = (k: Matrix) => k.map((row) => row.map((value) => value ** exponent));
  return {
    theta: kernel.theta,
    bounds: kernel.bounds,
    withTheta: (theta) => powerOf(kernel.withTheta(theta), exponent),
    matrix: (x, y) => raised(kernel.matrix(x, y)),
    diagonal: (x) => raised([kernel.diagonal(x)])[0] as Float64Array,
    gradients: (x) => {
      const k = kernel.matrix(x);
      return kernel
        .gradients(x)
        .map((one) => combine(one, k, (g, value) => exponent * value ** (exponent - 1) * g));
    },
    toString: () => `${kernel.toString()} ** ${exponent}`,
  };
}
