// The hyperparameters of a sparse process, learned by its bound: against autograd and scipy's L-BFGS-B, in 64 bits.
import { OptionError } from "@pellucid/core-train";
import {
  constant,
  GaussianProcessRegressor,
  type Kernel,
  matern,
  productOf,
  rbf,
  SparseGaussianProcess,
} from "@pellucid/gp";
import { fixture } from "@pellucid/testing";
import { describe, expect, test } from "vitest";
import { sparseBound } from "../src/sparse-bound.ts";

interface Case {
  readonly start: readonly [number, number, number];
  readonly value: number;
  readonly gradient: readonly number[];
  readonly theta: readonly number[];
  readonly best: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
}
const theirs = fixture<{
  x: number[];
  y: number[];
  inducing: number[];
  points: number[];
  rbf: Case;
  matern: Case;
}>(import.meta.url, "../fixtures/torch/sparse.json");
const column = (values: readonly number[]) => values.map((value) => Float64Array.of(value));
const [x, inducing, points] = [theirs.x, theirs.inducing, theirs.points].map(column) as [
  Float64Array[],
  Float64Array[],
  Float64Array[],
];
const y = Float64Array.from(theirs.y);

const kernels: Readonly<Record<"rbf" | "matern", (amplitude: number, scale: number) => Kernel>> = {
  rbf: (amplitude, scale) => productOf(constant(amplitude), rbf(scale)),
  matern: (amplitude, scale) => productOf(constant(amplitude), matern(scale, { nu: 2.5 })),
};

describe.each(["rbf", "matern"] as const)("%s", (name) => {
  const { start, value, gradient, theta, best, mean, std } = theirs[name];
  const create = () =>
    new SparseGaussianProcess(inducing, {
      kernel: kernels[name](Math.exp(start[0]), Math.exp(start[1])),
      noiseVariance: Math.exp(start[2]),
    });

  test("the bound and its gradient are those of autograd", () => {
    const { kernel, noiseVariance } = create();
    const found = sparseBound(kernel, noiseVariance, { x, y, inducing, jitter: 1e-6 });
    expect([found.value]).toBeAllclose([value], { rtol: 1e-9, atol: 1e-8 });
    expect(found.gradient).toBeAllclose(gradient, { rtol: 1e-6, atol: 1e-6 });
  });

  test("the best hyperparameters are those of scipy, and so are the predictions", () => {
    const sparse = create().fit(x, y);
    expect([...sparse.kernel.theta, Math.log(sparse.noiseVariance)]).toBeAllclose(theta, {
      rtol: 0,
      atol: 1e-4,
    });
    expect([sparse.elbo(x, y)]).toBeAllclose([best], { rtol: 0, atol: 1e-5 });
    const found = sparse.predict(points);
    expect(found.mean).toBeAllclose(mean, { rtol: 0, atol: 1e-4 });
    expect(found.std).toBeAllclose(std, { rtol: 0, atol: 1e-4 });
  });
});

test("with all points as inducing ones it learns what the exact process learns", () => {
  const every = <T>(of: ArrayLike<T>) => Array.from(of).filter((_, i) => i % 5 === 0);
  const [few, values] = [every(x), every(y)];
  const kernel = productOf(constant(1), rbf(1));
  const exact = new GaussianProcessRegressor({ kernel, alpha: 0.02 }).fit(few, values);
  const sparse = new SparseGaussianProcess(few, { kernel, noiseVariance: 0.02, jitter: 1e-9 });
  sparse.fit(few, values, { noiseVarianceBounds: "fixed" });
  expect(sparse.noiseVariance).toBe(0.02);
  expect(sparse.kernel.theta).toBeAllclose(exact.kernel.theta, { rtol: 0, atol: 5e-3 });
});

test("the noise stays between its bounds, and options are checked", () => {
  const options = { kernel: rbf(1), noiseVariance: 0.5 };
  const sparse = new SparseGaussianProcess(inducing, options).fit(x, y, { noiseVarianceBounds: [0.3, 2] });
  expect(sparse.noiseVariance).toBeCloseTo(0.3, 10);
  for (const wrong of [{ bounds: 1 }, { maxIterations: 0 }, { noiseVarianceBounds: [2, 1] }])
    expect(() => sparse.fit(x, y, wrong as object)).toThrow(OptionError);
});
