import { useBackend } from "@pellucid/backends";
import {
  BatchNorm1d,
  Dropout,
  isTraining,
  Linear,
  OptionError,
  ReLU,
  Rng,
  Sequential,
  ShapeError,
  torchStateOf,
  trainable,
  training,
  valueAndGradients,
} from "@pellucid/core-train";
import {
  BayesianConv2d,
  BayesianLeNet,
  BayesianLinear,
  ensemblePredictions,
  flipout,
  klOf,
  LastLayerLaplace,
  localReparameterization,
  samplePredictions,
  sampling,
  Swag,
  weightSampling,
} from "@pellucid/bayesian";
import { fixture } from "@pellucid/testing";
import { add, addN, mul, sub, sum, type Tensor, tensor, tensor2d, tidy, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

interface Fixture {
  readonly cases: readonly {
    readonly name: string;
    readonly estimator: "local" | "sampled";
    readonly right: Readonly<Record<"output" | "W_mu" | "W_rho" | "bias_rho", number[]>> & {
      readonly kl: number;
    };
    readonly tolerance: number;
  }[];
  readonly laplace: {
    readonly features: number[][];
    readonly probabilities: number[][];
    readonly new: number[];
    readonly logits: number[];
    readonly covariance: number[][];
    readonly nll: number;
    readonly squaredNorm: number;
    readonly evidence: number;
  };
}

const { cases, laplace } = fixture<Fixture>(import.meta.url, "../fixtures/torch/variational.json");
const sines = (shape: number[]) =>
  tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(1.7 * i)),
    shape,
  );

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));

  test.each(cases)(
    "$name has PyTorch's initial weights, draws, gradients and divergence",
    ({ name, right, estimator, tolerance }) => {
      const rng = new Rng(4);
      const options = { rng, estimator: estimator === "local" ? localReparameterization : weightSampling };
      const isLinear = name.startsWith("linear");
      const layer = isLinear
        ? new BayesianLinear(5, 3, options)
        : new BayesianConv2d(2, 3, 3, { ...options, stride: 2, padding: 1 });
      const forward = layer.forward.bind(layer) as (x: Tensor) => Tensor;
      const x = sines(isLinear ? [4, 5] : [2, 5, 6, 2]);
      const close = (found: Tensor, numbers: number[]) =>
        expect(found).toBeAllclose(numbers, { rtol: tolerance, atol: tolerance });
      tidy(() => {
        let output: Tensor | undefined;
        const { gradients } = training(layer, () =>
          valueAndGradients(trainable(layer), () => {
            const y = forward(x);
            output = y.clone();
            return add(sum(mul(y, sines(y.shape))), mul(layer.kl(), 0.01));
          }),
        );
        void output;
        close(gradients["wMu"] as Tensor, right.W_mu);
        close(gradients["wRho"] as Tensor, right.W_rho);
        close(gradients["biasRho"] as Tensor, right.bias_rho);
        close(layer.kl(), [right.kl]);
      });
      layer.dispose();
      x.dispose();
    },
  );

  test("every estimator has the mean and the variance of the layer, over many draws", () => {
    for (const estimator of [localReparameterization, weightSampling, flipout]) {
      const layer = new BayesianLinear(3, 2, { rng: new Rng(1), estimator });
      tidy(() => {
        const x = tensor2d([[0.5, -1, 2]]);
        const count = 4000;
        const drawn = samplePredictions(layer, x, count).dataSync();
        const { mean, variance } = layer.outputDistribution(x);
        for (const unit of [0, 1]) {
          const own = Array.from({ length: count }, (_, i) => drawn[2 * i + unit] as number);
          const average = own.reduce((a, b) => a + b, 0) / count;
          const spread = own.reduce((a, b) => a + (b - average) ** 2, 0) / (count - 1);
          const [m, v] = [mean.dataSync()[unit] as number, variance.dataSync()[unit] as number];
          // five deviations of each estimate
          expect(Math.abs(average - m)).toBeLessThan(5 * Math.sqrt(v / count));
          expect(Math.abs(spread / v - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
        }
        expect(layer.forward(x)).toBeAllclose(Array.from(mean.dataSync()), { atol: 1e-6 });
        expect(() => layer.forward(x)).toLeakNothing();
        expect(() => training(layer, () => layer.forward(x))).toLeakNothing();
      });
      layer.dispose();
    }
  });

  test("while sampling, dropout draws and batch norm does not train", () => {
    const rng = new Rng(0);
    const dropout = new Dropout(0.5, { rng });
    const norm = new BatchNorm1d(4);
    const model = new Sequential(new Linear(3, 4, { rng }), norm, new ReLU(), dropout);
    tidy(() => {
      const x = sines([5, 3]) as ReturnType<typeof tensor2d>;
      const before = norm.runningMean?.dataSync().slice();
      sampling(model, () => {
        expect(isTraining(dropout)).toBe(true);
        expect(isTraining(norm)).toBe(false);
      });
      expect(isTraining(dropout)).toBe(false);
      const [first, second] = samplePredictions(model, x, 2).arraySync() as number[][][];
      expect(first).not.toEqual(second);
      expect(norm.runningMean?.dataSync()).toEqual(before);
      expect(ensemblePredictions([model, model], x).shape).toEqual([2, 5, 4]);
      expect(() => ensemblePredictions([], x)).toThrow(OptionError);
    });
    model.dispose();
  });

  test("SWAG has the mean and the covariance of the weights that it saw", async () => {
    const rng = new Rng(0);
    const model = new Linear(2, 1, { rng, bias: false });
    const swag = new Swag(model, { rng, maxRank: 3 });
    const seen = [
      [1, 2],
      [2, 0],
      [3, 4],
      [2, 2],
    ];
    expect(() => swag.sample(() => 0)).toThrow(/collected 0 times/);
    for (const weights of seen) {
      tidy(() => model.weight.assign(tensor2d(weights, [2, 1]) as never));
      await swag.collect();
    }
    const { weight } = swag.distribution() as Record<
      "weight",
      { mean: Float64Array; variance: Float64Array }
    >;
    expect(Array.from(weight.mean)).toEqual([2, 2]);
    expect(Array.from(weight.variance)).toEqual([0.5, 2]);
    // deviations from the running mean, the last three: (0.5, −1), (1, 2), (0, 0)
    const low = (i: number, j: number) =>
      [
        [0.5, -1],
        [1, 2],
        [0, 0],
      ].reduce((total, d) => total + (d[i] as number) * (d[j] as number), 0) /
      (2 * 2);
    const wanted = [0.25 + low(0, 0), 1 + low(1, 1), low(0, 1)];
    const draws = Array.from(
      { length: 6000 },
      () => swag.sample(() => Array.from(model.weight.dataSync())) as [number, number],
    );
    const covariance = (i: 0 | 1, j: 0 | 1) =>
      draws.reduce((total, d) => total + (d[i] - 2) * (d[j] - 2), 0) / draws.length;
    [covariance(0, 0), covariance(1, 1), covariance(0, 1)].forEach((found, k) =>
      expect(Math.abs(found - (wanted[k] as number))).toBeLessThan(0.12),
    );
    expect(Array.from(model.weight.dataSync())).toEqual([2, 2]);
    model.dispose();
  });
});

test("Laplace's covariance and evidence are those of the Hessian by autograd, in 64 bits", () => {
  const posterior = new LastLayerLaplace(laplace.features, laplace.probabilities, { priorPrecision: 2 });
  const { covariance } = posterior.logits(laplace.new, laplace.logits);
  covariance.forEach((row, i) =>
    row.forEach((value, j) => expect(value).toBeCloseTo(laplace.covariance[i]?.[j] as number, 10)),
  );
  const { nll, squaredNorm } = laplace;
  expect(posterior.logMarginalLikelihood({ nll, squaredNorm, priorPrecision: 2 })).toBeCloseTo(
    laplace.evidence,
    9,
  );
  const probabilities = posterior.predict(laplace.new, laplace.logits);
  expect(probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  expect(() => posterior.logits([1], [1, 2, 3])).toThrow(ShapeError);
  // of a single example the product of two factors is the Hessian, but for the prior
  const one = [laplace.features.slice(0, 1), laplace.probabilities.slice(0, 1)] as const;
  const [full, factors] = (["full", "kronecker"] as const).map(
    (structure) =>
      new LastLayerLaplace(...one, { structure, priorPrecision: 1e-6 }).logits(
        laplace.features[0] as number[],
        laplace.logits,
      ).covariance,
  ) as [readonly Float64Array[], readonly Float64Array[]];
  const traceOf = (m: readonly Float64Array[]) => m.reduce((total, row, i) => total + (row[i] as number), 0);
  expect(traceOf(factors)).toBeGreaterThan(0);
  expect(traceOf(full)).toBeGreaterThan(0);
});

test("a Bayesian LeNet has the names of PyTorch-BayesianCNN", async () => {
  await useBackend({ only: "cpu" });
  const net = new BayesianLeNet({ rng: new Rng(0) });
  const names = ["conv1", "conv2", "fc1", "fc2", "fc3"].flatMap((layer) =>
    ["W_mu", "W_rho", "bias_mu", "bias_rho"].map((field) => `${layer}.${field}`),
  );
  expect(Object.keys(await torchStateOf(net))).toEqual(names);
  tidy(() => {
    expect(net.forward(zeros([2, 32, 32, 1])).shape).toEqual([2, 10]);
    const parts = [net.conv1, net.conv2, net.fc1, net.fc2, net.fc3].map((layer) => layer.kl());
    expect(klOf(net)).toBeAllclose([addN(parts).dataSync()[0] as number], { rtol: 1e-6 });
    expect(sub(klOf(net), 0).dataSync()[0]).toBeGreaterThan(0);
  });
  expect(() => klOf(new Linear(1, 1, { rng: new Rng(0) }))).toThrow(OptionError);
  net.dispose();
});
