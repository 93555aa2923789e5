// The distributions of outputs and the evidence of Kronecker-factored Laplace approximations: by their definition, with dense matrices in 64 bits.
import { useBackend } from "@pellucid/backends";
import {
  DataError,
  LayerNorm,
  Linear,
  OptionError,
  ReLU,
  Rng,
  Sequential,
  ShapeError,
  Tanh,
} from "@pellucid/core-train";
import { KroneckerLaplace } from "@pellucid/bayesian";
import { fixture } from "@pellucid/testing";
import { memory, tensor1d, tensor2d, type Tensor2D } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { symmetricEigen } from "../src/posterior/symmetric-eigen.ts";

interface Case {
  readonly sizes: number[];
  readonly likelihood: "classification" | "regression";
  readonly bias: boolean;
  readonly sigma: number;
  readonly delta: number;
  readonly seed: number;
  readonly x: number[];
  readonly y: number[];
  readonly z: number[];
  readonly mean: number[];
  readonly covariances: number[][];
  readonly dense: number[][];
  readonly logLikelihood: number;
  readonly evidence: number;
}
const cases = fixture<Readonly<Record<string, Case>>>(import.meta.url, "../fixtures/torch/laplace.json");
type Model = Sequential & { forward(x: Tensor2D): Tensor2D };

function create({ sizes, bias, seed }: Pick<Case, "sizes" | "bias" | "seed">): Model {
  const rng = new Rng(seed);
  const layers = sizes.slice(1).flatMap((size, l) => {
    const layer = new Linear(sizes[l] ?? NaN, size, { rng, bias });
    return l < sizes.length - 2 ? [layer, new Tanh()] : [layer];
  });
  return new Sequential(...layers) as Model;
}

const rows = (values: readonly number[], width: number): Tensor2D =>
  tensor2d(Float32Array.from(values), [values.length / width, width]);

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));

  test.each(Object.entries(cases))("%s", async (_, wanted) => {
    const { sizes, likelihood, delta, sigma } = wanted;
    const inputs = sizes.at(0) ?? NaN;
    const outputs = sizes.at(-1) ?? NaN;
    const model = create(wanted);
    const x = rows(wanted.x, inputs);
    const z = rows(wanted.z, inputs);
    const y = likelihood === "classification" ? tensor1d(wanted.y, "int32") : rows(wanted.y, outputs);
    const before = memory().numTensors;
    const laplace = await KroneckerLaplace.fit(
      model,
      { x, y },
      { likelihood, priorPrecision: delta, sigmaNoise: sigma },
    );
    const found = await laplace.outputs(z);
    expect(memory().numTensors).toBe(before);
    expect(found.flatMap(({ mean }) => [...mean])).toBeAllclose(wanted.mean, { rtol: 1e-5, atol: 1e-6 });
    for (const [n, { covariance }] of found.entries()) {
      const flat = covariance.flatMap((row) => [...row]);
      expect(flat).toBeAllclose(wanted.covariances[n] ?? [], { rtol: 1e-5, atol: 1e-6 });
      // one example, or one layer and a regression: the product is the whole matrix
      if (sizes.length === 2) expect(flat).toBeAllclose(wanted.dense[n] ?? [], { rtol: 1e-5, atol: 1e-6 });
    }
    expect(laplace.logLikelihood / wanted.logLikelihood).toBeCloseTo(1, 5);
    expect(laplace.logMarginalLikelihood() / wanted.evidence).toBeCloseTo(1, 5);
    for (const row of await laplace.predict(z)) expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10);
    for (const each of [x, y, z, model]) each.dispose();
  });

  test("what does not fit is refused", async () => {
    const model = create({ sizes: [2, 8, 2], bias: true, seed: 0 });
    const [x, y] = [rows([1, 1, -1, -1, 1, -1, -1, 1], 2), tensor1d([0, 1, 0, 1], "int32")];
    const rng = new Rng(0);
    const normed = new Sequential(new Linear(2, 2, { rng }), new LayerNorm(2)) as Model;
    await expect(KroneckerLaplace.fit(normed, { x, y })).rejects.toThrow(OptionError);
    await expect(KroneckerLaplace.fit(new Sequential(new ReLU()) as Model, { x, y })).rejects.toThrow(
      /without weights/,
    );
    await expect(KroneckerLaplace.fit(model, { x, y: tensor1d([0], "int32") })).rejects.toThrow(ShapeError);
    await expect(KroneckerLaplace.fit(model, { x, y }, { priorPrecision: 0 })).rejects.toThrow(OptionError);
    await expect(KroneckerLaplace.fit(model, { x, y: tensor1d([0, 1, 0, 9], "int32") })).rejects.toThrow(
      /a label is 9/,
    );
    const broken = rows([1, 1, NaN, -1, 1, -1, -1, 1], 2);
    await expect(KroneckerLaplace.fit(model, { x: broken, y })).rejects.toThrow(DataError);
    const targets = rows([0, 1, 0, NaN, 1, 0, 1, 0], 2);
    const options = { likelihood: "regression" } as const;
    await expect(KroneckerLaplace.fit(model, { x, y: targets }, options)).rejects.toThrow(DataError);
    const Made = KroneckerLaplace as unknown as new (model: Model) => unknown; // its constructor is private
    expect(() => new Made(model)).toThrow("KroneckerLaplace.fit(model, { x, y }) makes one");
  });
});

test("eigenvectors of a symmetric matrix rebuild it", () => {
  const rng = new Rng(1);
  const n = 7;
  const raw = Float64Array.from(rng.randn([n, n]).data);
  const matrix = Array.from({ length: n }, (_, i) =>
    Float64Array.from({ length: n }, (__, j) => (raw[i * n + j] ?? NaN) + (raw[j * n + i] ?? NaN)),
  );
  const { values, vectors } = symmetricEigen(matrix);
  const rebuilt = matrix.map((row, i) =>
    row.map((_, j) =>
      values.reduce((sum, value, k) => sum + value * (vectors[i]?.[k] ?? NaN) * (vectors[j]?.[k] ?? NaN), 0),
    ),
  );
  rebuilt.forEach((row, i) =>
    row.forEach((value, j) => expect(value).toBeCloseTo(matrix[i]?.[j] ?? NaN, 12)),
  );
  expect(symmetricEigen([Float64Array.of(2, 0), Float64Array.of(0, 3)]).values).toEqual(
    Float64Array.of(2, 3),
  );
});
