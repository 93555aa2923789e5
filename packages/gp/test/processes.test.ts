// What holds of processes whatever the numbers: exact limits, samples, conditions of kriging, physical laws, errors.
import { useBackend } from "@pellucid/backends";
import {
  DataError,
  IndexError,
  Lbfgs,
  OptionError,
  Rng,
  ShapeError,
  strongWolfe,
  trainable,
} from "@pellucid/core-train";
import {
  cholesky,
  constant,
  empiricalVariogram,
  fitVariogram,
  GaussianProcessClassifier,
  GaussianProcessRegressor,
  jet,
  matern,
  minimize,
  NotPositiveDefiniteError,
  ordinaryKriging,
  PhysicsNet,
  physicsLoss,
  productOf,
  rbf,
  simpleKriging,
  SparseGaussianProcess,
  universalKriging,
  variogram,
  white,
} from "@pellucid/gp";
import { checkConstructor } from "@pellucid/testing";
import { add, mul, sin, square, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const fixed = { bounds: "fixed" } as const;
const line = (from: number, to: number, count: number): number[][] =>
  Array.from({ length: count }, (_, i) => [from + ((to - from) * i) / (count - 1)]);

test("with all data as inducing points, one natural step of rate 1 gives the exact process, and its bound the likelihood", () => {
  const x = line(0, 4, 9);
  const y = x.map(([v = 0]) => Math.sin(2 * v));
  const exact = new GaussianProcessRegressor({ kernel: rbf(0.8, fixed), alpha: 0.05 }).fit(x, y);
  const sparse = new SparseGaussianProcess(x, { kernel: rbf(0.8), noiseVariance: 0.05, jitter: 1e-10 });
  const before = sparse.elbo(x, y);
  sparse.naturalStep(x, y);
  expect(sparse.elbo(x, y)).toBeGreaterThan(before);
  expect([sparse.elbo(x, y)]).toBeAllclose([exact.logMarginalLikelihood().value], { rtol: 1e-6, atol: 1e-6 });
  const z = line(-1, 5, 7);
  expect(sparse.predict(z).mean).toBeAllclose(exact.predict(z).mean, { rtol: 1e-5, atol: 1e-6 });
  expect(sparse.predict(z).std).toBeAllclose(exact.predict(z).std, { rtol: 1e-4, atol: 1e-5 });
});

test("steps on batches approach the best distribution for all data", () => {
  const x = line(0, 6, 60);
  const y = x.map(([v = 0], i) => Math.sin(v) + 0.1 * Math.cos(17 * i));
  const inducing = line(0, 6, 7);
  const options = { kernel: rbf(1), noiseVariance: 0.02 };
  const [best, batched] = [
    new SparseGaussianProcess(inducing, options),
    new SparseGaussianProcess(inducing, options),
  ];
  best.naturalStep(x, y);
  for (let step = 0; step < 120; step++) {
    const batch = Array.from({ length: 20 }, (_, i) => (3 * i + step) % 60);
    batched.naturalStep(
      batch.map((i) => x[i] as number[]),
      batch.map((i) => y[i] as number),
      { rate: 1 / (1 + step), total: 60 },
    );
  }
  expect(best.elbo(x, y)).toBeGreaterThan(batched.elbo(x, y) - 1e-9);
  expect(batched.elbo(x, y)).toBeGreaterThan(best.elbo(x, y) - 0.5);
});

test("samples have the process's mean and covariance, and start from the prior before any data", () => {
  const gp = new GaussianProcessRegressor({ kernel: rbf(1, fixed), alpha: 0.1 });
  const points = [[0], [1], [3]];
  expect(gp.predict(points).std).toBeAllclose([1, 1, 1]);
  gp.fit([[0], [2]], [1, -1]);
  const draws = gp.sample(points, 4000, new Rng(0));
  const mean = points.map((_, i) => draws.reduce((sum, draw) => sum + (draw[i] as number), 0) / 4000);
  expect(mean).toBeAllclose(gp.predict(points).mean, { rtol: 0, atol: 0.06 }); // four standard errors
  const covariance = gp.covariance(points);
  for (const [i, j] of [
    [0, 0],
    [0, 1],
    [1, 2],
    [2, 2],
  ] as const) {
    const found =
      draws.reduce(
        (sum, d) => sum + ((d[i] as number) - (mean[i] as number)) * ((d[j] as number) - (mean[j] as number)),
        0,
      ) / 4000;
    expect(Math.abs(found - (covariance[i]?.[j] as number))).toBeLessThan(0.09);
  }
  expect(gp.sample(points, 2, new Rng(3))).toEqual(gp.sample(points, 2, new Rng(3)));
});

test("far from data a process with a known law follows the law", () => {
  const law = ([t = 0]: readonly number[]) => 10 - 4.9 * t * t; // a falling stone
  const gp = new GaussianProcessRegressor({
    kernel: productOf(constant(0.1), rbf(0.5)),
    alpha: 1e-4,
    optimizer: null,
    mean: law,
  });
  gp.fit([[0], [0.3], [0.6]], [10.1, law([0.3]) + 0.2, law([0.6]) + 0.1]);
  expect(gp.predict([[0.3]]).mean[0]).toBeCloseTo(law([0.3]) + 0.2, 2);
  expect(gp.predict([[5]]).mean[0]).toBeCloseTo(law([5]), 6);
  expect(gp.predict([[5]]).std[0]).toBeCloseTo(Math.sqrt(0.1), 6);
});

test("kriging: weights sum to 1 and reproduce drifts; the simple one tends to its mean; variances are not negative", () => {
  const rng = new Rng(5);
  const sites = Array.from({ length: 14 }, () => [...rng.rand([2]).data].map((u) => 4 * u));
  const plane = sites.map(([a = 0, b = 0]) => 3 + 2 * a - b);
  const gamma = variogram({ form: "gaussian", nugget: 0.05, sill: 2, range: 1.5 });
  const where = [
    [1, 1],
    [3, 0.5],
    [9, -7],
  ];
  for (const { weights } of ordinaryKriging(sites, plane, gamma)(where))
    expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
  const universal = universalKriging(sites, plane, gamma)(where);
  expect(universal.map(({ estimate }) => estimate)).toBeAllclose(
    where.map(([a = 0, b = 0]) => 3 + 2 * a - b),
    { rtol: 1e-8, atol: 1e-8 },
  );
  const [far] = simpleKriging(sites, plane, gamma, 7)([[1000, 0]]);
  expect(far?.estimate).toBeCloseTo(7, 9);
  expect(far?.variance).toBeCloseTo(2.05, 9);
  for (const { variance } of universal) expect(variance).toBeGreaterThanOrEqual(0);
});

test("a Gaussian variogram without a nugget is refused where points are near each other", () => {
  const near = Array.from({ length: 40 }, (_, i) => [0.1 * i, 0.05 * ((i * 7) % 40)]);
  const z = near.map(([a = 0, b = 0]) => Math.sin(a) + b);
  const smooth = (nugget: number) => variogram({ form: "gaussian", nugget, sill: 2, range: 3 });
  expect(() => ordinaryKriging(near, z, smooth(0))).toThrow(NotPositiveDefiniteError);
  expect(() => simpleKriging(near, z, smooth(0), 1)).toThrow("Give the variogram a nugget");
  const [found] = ordinaryKriging(near, z, smooth(2e-3))([[1.03, 0.4]]);
  expect(found?.estimate).toBeCloseTo(Math.sin(1.03) + 0.4, 1);
});
test("a variogram is found again from its own values", () => {
  for (const form of ["exponential", "spherical", "gaussian"] as const) {
    const gamma = variogram({ form, nugget: 0.2, sill: 1.3, range: 1.7 });
    const bins = Array.from({ length: 12 }, (_, i) => ({
      distance: 0.4 * (i + 1),
      value: gamma(0.4 * (i + 1)),
      pairs: 10,
    }));
    const { nugget, sill, range } = fitVariogram(bins, form).options;
    expect([nugget, sill, range], form).toBeAllclose([0.2, 1.3, 1.7], { rtol: 2e-2, atol: 2e-2 });
  }
  const [bin] = empiricalVariogram([[0], [1], [2]], [0, 1, 4], { bins: 1, maxDistance: 1 });
  expect(bin).toEqual({ distance: 1, value: (0.5 + 4.5) / 2, pairs: 2 });
});

test("minimize finds Rosenbrock's minimum, within bounds the best point on them", () => {
  const valley = ([a = 0, b = 0]: readonly number[]) => ({
    value: (1 - a) ** 2 + 100 * (b - a * a) ** 2,
    gradient: [-2 * (1 - a) - 400 * a * (b - a * a), 200 * (b - a * a)],
  });
  const wide: [number, number][] = [
    [-5, 5],
    [-5, 5],
  ];
  expect([...minimize(valley, [-1.2, 1], wide).x]).toBeAllclose([1, 1], { rtol: 1e-4, atol: 1e-4 });
  const found = minimize(
    valley,
    [-1, 0.2],
    [
      [-5, 0.5],
      [-5, 5],
    ],
  ).x;
  expect([...found]).toBeAllclose([0.5, 0.25], { rtol: 1e-4, atol: 1e-4 });
});

test(
  "derivatives of a network are those of its formula, and a law with two known values gives the whole solution",
  { timeout: 60_000 },
  async () => {
    await useBackend({ only: "cpu" });
    const x = tensor2d(line(-1, 1, 5).flat(), [5, 1]);
    const { first, second } = jet((u) => sin(mul(2, u)), x);
    const values = [...x.dataSync()];
    expect(first).toBeAllclose(
      values.map((v) => 2 * Math.cos(2 * v)),
      { rtol: 1e-5, atol: 1e-5 },
    );
    expect(second).toBeAllclose(
      values.map((v) => -4 * Math.sin(2 * v)),
      { rtol: 1e-5, atol: 1e-5 },
    );
    const both = jet((u) => mul(square(u), u), tensor2d([[1, 2]]));
    expect(both.second).toBeAllclose([6, 0]); // of the first output

    const net = new PhysicsNet([1, 12, 1], { rng: new Rng(0) });
    const interior = tensor2d(line(-1, 1, 24).flat(), [24, 1]);
    const known = { x: tensor2d([[-1], [1]]), y: tensor2d([[0], [0]]) };
    const loss = () =>
      physicsLoss((u) => net.forward(u), {
        interior,
        known,
        knownWeight: 10,
        residual: ({ second: curvature, x: at }) => add(curvature, mul(Math.PI ** 2, sin(mul(Math.PI, at)))), // u″ = −π² sin πx
      });
    const optimizer = new Lbfgs(trainable(net), { lineSearch: strongWolfe, maxIter: 25 });
    for (let step = 0; step < 10; step++) await optimizer.step(loss);
    const found = net.forward(interior).dataSync();
    const error = Math.max(
      ...line(-1, 1, 24).map(([v = 0], i) => Math.abs((found[i] as number) - Math.sin(Math.PI * v))),
    );
    expect(error).toBeLessThan(0.03);
    expect(loss).toLeakNothing();
    expect(() => jet((u: Tensor2D) => net.forward(u), interior)).toLeakNothing();
    checkConstructor(PhysicsNet, [[1, 3, 1], { rng: new Rng(0) }]);
  },
);

test("wrong points, targets and settings are refused, and a failed fit changes nothing", () => {
  const gp = new GaussianProcessRegressor({ kernel: rbf(1, fixed), alpha: 0 }).fit([[0], [1]], [1, 2]);
  const before = gp.predict([[0.5]]);
  expect(() => gp.fit([[0], [0]], [1, 2])).toThrow(NotPositiveDefiniteError);
  expect(gp.predict([[0.5]])).toEqual(before);
  expect(() => gp.fit([], [])).toThrow(DataError);
  expect(() => gp.fit([[0], [1, 2]], [1, 2])).toThrow(ShapeError);
  expect(() => gp.fit([[0], [NaN]], [1, 2])).toThrow(DataError);
  expect(() => gp.fit([0.5, 1] as never, [1, 2])).toThrow(
    "GaussianProcessRegressor.fit: x[0] is the number 0.5, expected the coordinates of a point: [0.5].",
  );
  expect(() => new SparseGaussianProcess({ kernel: rbf(1) } as never, {} as never)).toThrow(
    "SparseGaussianProcess: inducing is a record of kernel, expected an array.",
  );
  expect(() => gp.fit([[0], [1]], [1])).toThrow(ShapeError);
  expect(() => gp.predict([[0, 1]])).toThrow(ShapeError);
  expect(() => gp.covariance([[0]], 1)).toThrow(OptionError);
  expect(() => new GaussianProcessRegressor().logMarginalLikelihood()).toThrow(DataError);
  expect(() => new GaussianProcessRegressor({ alpha: -1 })).toThrow(OptionError);
  expect(() => new GaussianProcessRegressor({ nRestartsOptimizer: 2 })).toThrow(OptionError);
  expect(() => rbf([1, 2]).matrix([Float64Array.of(1)])).toThrow(ShapeError);
  expect(() => rbf(0)).toThrow(OptionError);
  expect(() => matern(1, { nu: 0 })).toThrow(OptionError);
  expect(() => white(1, { bounds: [2, 1] })).toThrow(OptionError);
  expect(() => rbf(1).withTheta([1, 2])).toThrow(OptionError);
  expect(() => new GaussianProcessClassifier().fit([[0], [1]], [0, 0])).toThrow(DataError);
  expect(() => new GaussianProcessClassifier().fit([[0], [1]], [0, 0.5])).toThrow(IndexError);
  expect(() => ordinaryKriging([[0], [0]], [1, 2], variogram())).toThrow(NotPositiveDefiniteError);
  expect(() => variogram({ range: 0 })).toThrow(OptionError);
  expect(() => simpleKriging([[0]], [1], variogram({ form: "linear" }), 0)).toThrow(OptionError);
  expect(() => cholesky([Float64Array.of(1, 2)])).toThrow(ShapeError);
  expect(() => new SparseGaussianProcess([[0]], { kernel: rbf(1), noiseVariance: 0 })).toThrow(OptionError);
});
