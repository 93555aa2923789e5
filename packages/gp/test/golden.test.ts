// Outside values, of scikit-learn 1.9 and by hand: targets' scales, noise, kernels and their derivatives, likelihoods, coinciding points, several targets, classification, kriging, and the bound of batches.
import {
  constant,
  dotProductKernel,
  expSineSquared,
  GaussianProcessClassifier,
  GaussianProcessRegressor,
  type Kernel,
  matern,
  NotPositiveDefiniteError,
  ordinaryKriging,
  powerOf,
  productOf,
  rationalQuadratic,
  rbf,
  simpleKriging,
  SparseGaussianProcess,
  sumOf,
  variogram,
  white,
} from "@pellucid/gp";
import { fixture } from "@pellucid/testing";
import { expect, test } from "vitest";

interface Case {
  readonly id: string;
  readonly kind: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a different record for each kind
  readonly input: any;
  // oxlint-disable-next-line typescript/no-explicit-any -- likewise
  readonly right: any;
  readonly tolerance: number;
}

const cases = fixture<Case[]>(import.meta.url, "../fixtures/golden/cases.json");

/** `|found − right| ≤ tolerance (1 + |right|)` */
function near(found: unknown, right: unknown, tolerance: number, message = ""): void {
  const flat = (of: unknown): number[] =>
    typeof of === "number" ? [of] : Array.from(of as ArrayLike<unknown>).flatMap(flat);
  expect(flat(found), message).toBeAllclose(flat(right), { rtol: tolerance, atol: tolerance });
}

const kernels: Readonly<Record<string, Kernel>> = {
  rbf: rbf(1.3),
  rbfAniso: rbf([0.5, 2]),
  scaled: sumOf(productOf(constant(2.5), rbf(0.8)), white(0.1)),
  matern12: matern(1.2, { nu: 0.5 }),
  matern32Aniso: matern([0.7, 3], { nu: 1.5 }),
  matern52: matern(0.9, { nu: 2.5 }),
  maternInf: matern([1.1, 0.6], { nu: Infinity }),
  matern07: matern(1.1, { nu: 0.7 }),
  rq: rationalQuadratic({ alpha: 0.6, lengthScale: 0.9 }),
  periodic: expSineSquared({ lengthScale: 1.4, periodicity: 2.1 }),
  dot: dotProductKernel(0.5),
  dotPower: powerOf(dotProductKernel(1.5), 2),
  sumOfProducts: sumOf(
    productOf(constant(1.5), rbf([1, 0.4])),
    productOf(dotProductKernel(0.3), expSineSquared({ lengthScale: 0.7, periodicity: 1.7 })),
    white(0.05),
  ),
};

const rowsOf = (x: number[][]) => x.map((row) => Float64Array.from(row));

const checks: Readonly<Record<string, (c: Case) => void>> = {
  "normalize-y-scales-variance"({ input: { X, y, Z, noise, alpha }, right, tolerance }) {
    const kernel = sumOf(productOf(constant(1), rbf(1)), white(noise));
    const gp = new GaussianProcessRegressor({ kernel, alpha, optimizer: null, normalizeY: true }).fit(X, y);
    const { mean, std } = gp.predict<number | number[]>(Z);
    near(mean, right.mean, tolerance);
    near(std, right.std, tolerance);
    const targets = Array.isArray(y[0]) ? y[0].length : 1;
    const covariances = Array.from({ length: targets }, (_, t) => gp.covariance(Z, t));
    const wanted = covariances.map((__, t) =>
      right.cov.map((row: (number | number[])[]) => row.map((value) => [value].flat()[t])),
    );
    near(covariances, wanted, tolerance);
    near(gp.logMarginalLikelihood().value, right.logMarginalLikelihood, tolerance);
  },

  "white-noise-meaning"({ input: { X, Z, y, kernel: how, noise }, right, tolerance }) {
    const kernel = how === "sum" ? sumOf(rbf(1), white(noise)) : productOf(rbf(1), white(noise));
    const [x, z] = [rowsOf(X), rowsOf(Z)];
    near(kernel.matrix(x), right.kXX, tolerance);
    near(kernel.matrix(x, z), right.kXZ, tolerance);
    near(kernel.matrix(x, x), right.kXXgiven, tolerance);
    near(kernel.diagonal(x), right.diag, tolerance);
    const { mean, std } = new GaussianProcessRegressor({ kernel, optimizer: null }).fit(X, y).predict(Z);
    near(mean, right.mean, tolerance);
    near(std, right.std, tolerance);
  },

  "kernel-gradients-log-theta"({ input: { X }, right, tolerance }) {
    const x = rowsOf(X);
    for (const [name, wanted] of Object.entries<Record<string, unknown>>(right)) {
      const kernel = kernels[name] as Kernel;
      near(
        kernel.theta,
        wanted["theta"],
        name === "scaled" || name === "sumOfProducts" ? 1e-2 : tolerance,
        name,
      ); // 1.58² for 2.5
      near(kernel.matrix(x), wanted["K"], tolerance, name);
      near(kernel.diagonal(x), wanted["diag"], tolerance, name);
      const within = name === "matern07" ? 1e-5 : tolerance; // there scikit-learn takes differences
      near(kernel.gradients(x), wanted["grad"], within, name);
    }
  },

  "likelihood-and-gradient"({ input: { X, y, alpha, Z }, right, tolerance }) {
    for (const [name, wanted] of Object.entries<Record<string, unknown>>(right)) {
      const gp = new GaussianProcessRegressor({ kernel: kernels[name] as Kernel, alpha, optimizer: null });
      if ("error" in wanted) {
        expect(() => gp.fit(X, y), name).toThrow(NotPositiveDefiniteError);
        continue;
      }
      const { value, gradient } = gp.fit(X, y).logMarginalLikelihood();
      near(value, wanted["lml"], tolerance, name);
      near(gradient, wanted["grad"], tolerance, name);
      const { mean, std } = gp.predict(Z);
      near(mean, wanted["mean"], tolerance, name);
      near(std, wanted["std"], tolerance, name);
    }
  },

  "duplicate-points"({ input: { X, y, alpha, Z }, right, tolerance }) {
    const kernel = rbf(1, { bounds: "fixed" });
    const { mean, std } = new GaussianProcessRegressor({ kernel, alpha }).fit(X, y).predict(Z);
    near(mean, right.mean, tolerance);
    near(std, right.std, tolerance);
    expect(() => new GaussianProcessRegressor({ kernel, alpha: 0 }).fit(X, y)).toThrow(
      NotPositiveDefiniteError,
    );
    const allowed = new GaussianProcessRegressor({ kernel, alpha: 0, jitters: [1e-12, 1e-10, 1e-8] }).fit(
      X,
      y,
    );
    expect(allowed.jitter).toBeGreaterThan(0);
    expect(allowed.predict(Z).std.every((value) => value >= 0)).toBe(true);
  },

  "several-targets"({ input: { X, y, alpha, Z }, right, tolerance }) {
    const kernel = rbf(0.8, { bounds: "fixed" });
    const gp = new GaussianProcessRegressor({ kernel, alpha }).fit(X, y);
    const { mean, std } = gp.predict<number[]>(Z);
    near(mean, right.mean, tolerance);
    near(std, right.std, tolerance);
    near(gp.logMarginalLikelihood().value, right.lml, tolerance);
    const alone = (t: number) =>
      new GaussianProcessRegressor({ kernel, alpha }).fit(
        X,
        y.map((row: number[]) => row[t]),
      );
    near(
      [0, 1].map((t) => alone(t).logMarginalLikelihood().value),
      right.lmlPerTarget,
      tolerance,
    );
  },

  "classification-laplace"({ input: { X, y, kernel: text, Z }, right, tolerance }) {
    const [, scale = 1, lengthScale = 1] = (/^(.+)\*\*2 \* RBF\(length_scale=(.+)\)$/.exec(text) ?? []).map(
      Number,
    );
    const kernel = productOf(constant(scale ** 2), rbf(lengthScale));
    const gp = new GaussianProcessClassifier({ kernel, optimizer: null }).fit(X, y);
    const { value, gradient } = gp.logMarginalLikelihood();
    near(value, right.lml, tolerance);
    near(gradient, right.lmlGrad, tolerance);
    near(
      gp.predictProbabilities(Z).map(([, p]) => p),
      right.proba,
      tolerance,
    );
    near(gp.latent(Z).mean, right.latentMean, tolerance);
  },

  "ordinary-kriging"({ input: { X, z, Z, nugget, range, sill }, right, tolerance }) {
    const gamma = variogram({ form: "exponential", nugget, range, sill });
    for (const [i, found] of ordinaryKriging(X, z, gamma)(Z).entries()) {
      const wanted = right.perPoint[i];
      near(found.weights, wanted.weights, tolerance);
      near(found.lagrange, [wanted.lagrange], tolerance);
      near(found.estimate, wanted.estimate, tolerance);
      near(found.variance, wanted.variance, tolerance);
    }
    const mean = z.reduce((a: number, b: number) => a + b, 0) / z.length;
    near(
      simpleKriging(X, z, gamma, mean)(Z).map(({ estimate }) => estimate),
      right.simpleKrigingWithSampleMean,
      tolerance,
    );
  },

  "svgp-minibatch-elbo"({
    input: { X, y, inducing, jitter, noiseVariance, qMean, qCov, batches },
    right,
    tolerance,
  }) {
    const gp = new SparseGaussianProcess(inducing, { kernel: rbf(1), jitter, noiseVariance });
    gp.assign(qMean, qCov);
    near(gp.kl(), right.kl, tolerance);
    near(gp.elbo(X, y), right.fullElbo, tolerance);
    const take = (of: unknown[], batch: number[]) => batch.map((i) => of[i]);
    const found = batches.map((batch: number[]) =>
      gp.elbo(take(X, batch) as number[][], take(y, batch) as number[], X.length),
    );
    near(found, right.perBatchElbo, tolerance);
    near(
      found.map((value: number) => value / X.length),
      right.perBatchPerPoint,
      tolerance,
    );
  },
};

test("every kind has its check", () => {
  expect(new Set(cases.map(({ kind }) => kind))).toEqual(new Set(Object.keys(checks)));
});

test.for(cases)("$id", (c) => checks[c.kind]?.(c));
