// Cases that were worked by hand in 64 bits.
import { useBackend } from "@pellucid/backends";
import { Rng } from "@pellucid/core-train";
import {
  BayesianLinear,
  blundellWeights,
  conformalQuantile,
  elboLoss,
  fitTemperature,
  gaussianKlSum,
  IntervalLinear,
  predictiveNll,
  predictiveUncertainty,
  reliability,
} from "@pellucid/bayesian";
import { fixture } from "@pellucid/testing";
import {
  relu,
  scalar,
  type Tensor,
  tensor1d,
  type Tensor2D,
  tensor2d,
  tensor3d,
  tidy,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

type Json = any; // oxlint-disable-line typescript/no-explicit-any -- the cases have as many shapes as kinds

interface Case {
  readonly id: string;
  readonly kind: string;
  readonly input: Json;
  readonly right: Json;
  readonly tolerance: number;
}

const cases = fixture<Case[]>(import.meta.url, "../fixtures/golden/cases.json");

/** What tensors of 32 bits can hold of numbers of about this size. */
const single = 1e-6;

function near(found: Json, right: Json, tolerance: number, path = ""): void {
  if (typeof right === "number" || right === "Infinity") {
    const wanted = Number(right);
    if (wanted === Number(found)) return;
    expect(Math.abs(found - wanted), `${path}: ${found} is not ${wanted}`).toBeLessThanOrEqual(
      tolerance * (1 + Math.abs(wanted)),
    );
    return;
  }
  expect(Object.keys(found), path).toHaveLength(Object.keys(right).length);
  for (const [key, each] of Object.entries(right)) near(found[key], each, tolerance, `${path}.${key}`);
}

const list = (x: Tensor) => Array.from(x.dataSync());
const table = (x: Tensor) => x.arraySync() as number[][];
const columns = (rows: number[][]) =>
  (rows[0] as number[]).map((_, i) => rows.map((row) => row[i] as number));
const mean = (x: number[]) => x.reduce((a, b) => a + b, 0) / x.length;
const inverseSoftplus = (x: number) => Math.log(Math.expm1(x));

const runs: Readonly<Record<string, (c: Case) => void>> = {
  "kl-direction-sum": ({ input: { mu, rho, priorMu, priorSigma }, right }) => {
    const klSum = list(gaussianKlSum(tensor1d(mu), tensor1d(rho), { mean: priorMu, std: priorSigma }))[0];
    near(klSum, right.klSum, single);
  },
  "elbo-minibatch": ({ input: { N, perExampleNll, kl }, right, tolerance }) => {
    const perBatchMeanForm = perExampleNll.map(
      (batch: number[]) => list(elboLoss(scalar(mean(batch)), scalar(kl), { datasetSize: N }))[0],
    );
    near(perBatchMeanForm, right.perBatchMeanForm, single);
    near(
      perBatchMeanForm.map((loss: number) => N * loss),
      right.perBatchScaled,
      single,
    );
    near(blundellWeights(perExampleNll.length), right.blundellWeights, tolerance);
    // the expectation over batches, each with the weight of its size, is the whole
    const sizes = perExampleNll.map((batch: number[]) => batch.length / N);
    near(
      sizes.reduce((sum: number, size: number, i: number) => sum + size * N * perBatchMeanForm[i], 0),
      right.full,
      single,
    );
  },
  "ece-edges": ({ input: { confidence, correct, bins }, right, tolerance }) => {
    const { ece, mce, bins: found } = reliability(confidence, correct, { bins });
    near({ ece, mce, counts: found.map(({ count }) => count) }, right, tolerance);
  },
  "predictive-entropy-nll": ({ input: { logits, label }, right }) => {
    const x = tensor3d(logits);
    const { predictiveEntropy, expectedEntropy, mutualInformation } = predictiveUncertainty(x);
    const labels = tensor1d(new Int32Array(x.shape[1]).fill(label), "int32");
    const found = { predictiveEntropy, expectedEntropy, mutualInformation, nll: predictiveNll(x, labels) };
    near(Object.fromEntries(Object.entries(found).map(([name, each]) => [name, list(each)])), right, single);
  },
  "temperature-optimum": ({ input: { logits, labels }, right, tolerance }) => {
    near(fitTemperature(logits, labels), right, tolerance);
  },
  "conformal-quantile": ({ input: { scores, alpha }, right, tolerance }) => {
    near(conformalQuantile(scores, alpha), right, tolerance);
  },
  "local-reparameterization-distribution": ({ input: { x, mu, sigma, biasMu, biasSigma }, right }) => {
    const layer = new BayesianLinear(mu[0].length, mu.length, { rng: new Rng(0) });
    layer.wMu.assign(tensor2d(columns(mu)) as never);
    layer.wRho.assign(tensor2d(columns(sigma.map((row: number[]) => row.map(inverseSoftplus)))) as never);
    layer.biasMu?.assign(tensor1d(biasMu) as never);
    layer.biasRho?.assign(tensor1d(biasSigma.map(inverseSoftplus)) as never);
    const found = layer.outputDistribution(tensor2d(x));
    near({ mean: table(found.mean), variance: table(found.variance) }, right, single);
    layer.dispose();
  },
  "interval-linear": ({ input: { xLo, xHi, wLo, wHi, bLo, bHi }, right, tolerance }) => {
    const layer = new IntervalLinear(xLo.length, bLo.length, { rng: new Rng(0) });
    // an interval of the layer is a center and a radius: those of the case are given as they are
    layer.weights = () => ({ lower: tensor2d(columns(wLo)), upper: tensor2d(columns(wHi)) });
    layer.biases = () => ({ lower: tensor1d(bLo), upper: tensor1d(bHi) });
    const { lower, upper } = layer.forward({ lower: tensor2d([xLo]), upper: tensor2d([xHi]) });
    const row = (y: Tensor2D) => table(y)[0] as number[];
    near(
      { lo: row(lower), hi: row(upper), reluLo: row(relu(lower)), reluHi: row(relu(upper)) },
      right,
      tolerance,
    );
    row(lower).forEach((low, i) => expect(low).toBeLessThanOrEqual(right.lo[i]));
    row(upper).forEach((high, i) => expect(high).toBeGreaterThanOrEqual(right.hi[i]));
    layer.dispose();
  },
};

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));

  test.each(cases.map((c) => [c.id, c] as const))("%s", (_, c) => {
    tidy(() => {
      (runs[c.kind] as (c: Case) => void)(c);
    });
  });
});

test("every kind is there", () => {
  expect(new Set(cases.map(({ kind }) => kind))).toEqual(new Set(Object.keys(runs)));
});
