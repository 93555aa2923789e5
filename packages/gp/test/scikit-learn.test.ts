// What scikit-learn learns: hyperparameters, several classes; universal kriging; SciPy's special functions.
import { Rng } from "@pellucid/core-train";
import {
  constant,
  GaussianProcessClassifier,
  GaussianProcessRegressor,
  type GaussianProcessRegressorOptions,
  type Kernel,
  matern,
  productOf,
  rationalQuadratic,
  rbf,
  sumOf,
  universalKriging,
  variogram,
  white,
} from "@pellucid/gp";
import { fixture } from "@pellucid/testing";
import { expect, test } from "vitest";
import { besselK, logGamma } from "../src/bessel-k.ts";
import { erf } from "../src/erf.ts";

interface Fit {
  readonly theta: number[];
  readonly lml: number;
  readonly mean: number[];
  readonly std: number[];
}

const sklearn = fixture<{
  x: number[][];
  y: number[];
  z: number[][];
  fixed: Fit;
  learned: Fit;
  matern: Fit;
  learnedMatern: Fit;
  learnedMixture: Fit;
  points: number[][];
  labels: number[];
  asked: number[][];
  threeProbabilities: number[][];
  threeLml: number;
  learnedClassifier: { theta: number[]; lml: number; probabilities: number[][] };
  sites: number[][];
  values: number[];
  where: number[][];
  kriged: { estimate: number; variance: number; weights: number[] }[];
  erf: [number, number][];
  besselK: [number, number, number][];
  logGamma: [number, number][];
}>(import.meta.url, "../fixtures/sklearn/gp.json");

const rows: readonly (readonly [string, Fit, Kernel, Omit<GaussianProcessRegressorOptions, "kernel">])[] = [
  ["fixed", sklearn.fixed, sumOf(productOf(constant(1), rbf(1)), white(0.01)), { optimizer: null }],
  ["Matérn", sklearn.matern, matern(1, { nu: 2.5 }), { alpha: 1e-6, optimizer: null }],
  [
    "learned, one at its bound",
    sklearn.learned,
    sumOf(productOf(constant(1), rbf(1)), white(0.01)),
    { normalizeY: true },
  ],
  ["learned Matérn", sklearn.learnedMatern, productOf(constant(1), matern(1, { nu: 1.5 })), { alpha: 1e-3 }],
  ["learned mixture", sklearn.learnedMixture, rationalQuadratic(), { alpha: 1e-2 }],
];

test.for(rows)("regression, %s", ([name, wanted, kernel, options]) => {
  const isLearned = name.startsWith("learned");
  const gp = new GaussianProcessRegressor({ kernel, ...options }).fit(sklearn.x, sklearn.y);
  const { value } = gp.logMarginalLikelihood();
  if (isLearned) expect(value).toBeGreaterThan(wanted.lml - 1e-6); // as likely, or more
  else expect([value]).toBeAllclose([wanted.lml], { rtol: 1e-9, atol: 1e-9 });
  const within = isLearned ? { rtol: 2e-4, atol: 2e-4 } : { rtol: 1e-8, atol: 1e-8 };
  const { mean, std } = gp.predict(sklearn.z);
  expect(mean).toBeAllclose(wanted.mean, within);
  expect(std).toBeAllclose(wanted.std, within);
  if (name !== "learned mixture")
    expect([...gp.kernel.theta]).toBeAllclose(wanted.theta, { rtol: 1e-3, atol: 1e-3 });
  for (const [i, [low, high]] of gp.kernel.bounds.entries()) {
    expect(gp.kernel.theta[i]).toBeGreaterThanOrEqual(low);
    expect(gp.kernel.theta[i]).toBeLessThanOrEqual(high);
  }
});

test("restarts find the better of two optima, and are the same for a seed", () => {
  const kernel = sumOf(productOf(constant(1), rbf(40)), white(1)); // from here everything is noise
  const one = new GaussianProcessRegressor({ kernel }).fit(sklearn.x, sklearn.y);
  const many = () =>
    new GaussianProcessRegressor({ kernel, nRestartsOptimizer: 12, rng: new Rng(0) }).fit(
      sklearn.x,
      sklearn.y,
    );
  const found = many().logMarginalLikelihood().value;
  expect(found).toBeGreaterThan(one.logMarginalLikelihood().value + 1);
  expect(many().kernel.theta).toEqual(many().kernel.theta);
});

test("classification: three classes, and learned hyperparameters", () => {
  const { points, labels, asked } = sklearn;
  const three = new GaussianProcessClassifier({
    kernel: productOf(constant(2.25), rbf(1.3)),
    optimizer: null,
  }).fit(points, labels);
  const within = { rtol: 1e-6, atol: 1e-6 };
  expect(three.predictProbabilities(asked).flat()).toBeAllclose(sklearn.threeProbabilities.flat(), within);
  expect([three.logMarginalLikelihood().value]).toBeAllclose([sklearn.threeLml], within);
  expect(three.predict(asked).slice(0, 3)).toEqual([0, 1, 2]);
  const two = new GaussianProcessClassifier({ kernel: productOf(constant(1), rbf(1)) }).fit(
    points.slice(0, 16),
    labels.slice(0, 16),
  );
  const { lml, theta, probabilities } = sklearn.learnedClassifier;
  expect(two.logMarginalLikelihood().value).toBeGreaterThan(lml - 1e-5);
  expect([...(two.kernels[0]?.theta ?? [])]).toBeAllclose(theta, { rtol: 2e-2, atol: 2e-2 });
  expect(two.predictProbabilities(asked).flat()).toBeAllclose(probabilities.flat(), {
    rtol: 5e-3,
    atol: 5e-3,
  });
});

test("universal kriging, and the datum at a data point", () => {
  const gamma = variogram({ form: "spherical", nugget: 0.1, sill: 1.5, range: 2 });
  const found = universalKriging(sklearn.sites, sklearn.values, gamma)(sklearn.where);
  for (const [i, wanted] of sklearn.kriged.entries()) {
    expect([found[i]?.estimate ?? NaN]).toBeAllclose([wanted.estimate], { rtol: 1e-9, atol: 1e-9 });
    expect([found[i]?.variance ?? NaN]).toBeAllclose([wanted.variance], { rtol: 1e-8, atol: 1e-8 });
    expect(found[i]?.weights ?? []).toBeAllclose(wanted.weights, { rtol: 1e-8, atol: 1e-9 });
  }
});

test("special functions are SciPy's to 1e-12", () => {
  const within = { rtol: 1e-12, atol: 1e-14 };
  expect(sklearn.erf.map(([x]) => erf(x))).toBeAllclose(
    sklearn.erf.map(([, y]) => y),
    within,
  );
  expect(sklearn.besselK.map(([nu, z]) => besselK(nu, z))).toBeAllclose(
    sklearn.besselK.map(([, , y]) => y),
    { rtol: 1e-11, atol: 0 },
  );
  expect(sklearn.logGamma.map(([x]) => logGamma(x))).toBeAllclose(
    sklearn.logGamma.map(([, y]) => y),
    within,
  );
});
