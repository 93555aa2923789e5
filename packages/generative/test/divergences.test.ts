// Divergences and densities: PyTorch's numbers, and what they are for: a bound on the evidence.
import { useBackend } from "@pellucid/backends";
import { gaussianKl, matMul, Rng, ShapeError } from "@pellucid/core-train";
import {
  bernoulliKl,
  categoricalKl,
  type EncoderDecoder,
  gaussianLogProb,
  importanceWeightedElbo,
  laplaceKl,
  negativeElbo,
} from "@pellucid/generative";
import { checkAgainstTorch, fixture, titleOf, type TorchCase } from "@pellucid/testing";
import { fill, ones, sub, type Tensor, tensor2d, tidy, tile, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

const { cases } = fixture<{ cases: TorchCase[] }>(import.meta.url, "../fixtures/torch/divergences.json");

type F = (...inputs: Tensor[]) => Tensor;
const calls: Readonly<Record<string, F>> = {
  categoricalKl: (p, q) => categoricalKl(p!, q),
  bernoulliKl: (p, q) => bernoulliKl(p!, q),
  laplaceKl: (m, s, n, t) =>
    laplaceKl({ mean: m!, logScale: s! }, n === undefined ? undefined : { mean: n, logScale: t! }),
  gaussianKl: (m, s, n, t) => gaussianKl({ mean: m!, logVariance: s! }, { mean: n!, logVariance: t! }),
  gaussianLogProb: (x, m, s) =>
    gaussianLogProb(x!, m === undefined ? undefined : { mean: m, logVariance: s! }),
};

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));
  test.for(cases.map((c) => [titleOf(c), c] as const))("%s has PyTorch's numbers and gradients", ([, c]) => {
    checkAgainstTorch(c, calls[c.op] as F);
  });
});

/** `x = W z + noise` in three dimensions, `z` in two; the columns of `W` are orthogonal, so the exact posterior has independent numbers. */
const W: readonly (readonly number[])[] = [
  [1.2, 0.4],
  [-0.4, 1.2],
  [0, 0],
];
const VARIANCE = 0.36;

/** The logarithm of the normal density of `x` with the covariance `W Wᵀ + σ² I`, in 64 bits; two of the dimensions are in the plane of `W`. */
function exactLogProb(x: readonly number[]): number {
  const columns = [0, 1].map((k) => W.map((row) => row[k] as number));
  let quadratic = x.reduce((sum, v) => sum + v * v, 0) / VARIANCE;
  let logDet = 3 * Math.log(VARIANCE);
  for (const column of columns) {
    const length = column.reduce((sum, v) => sum + v * v, 0);
    const along = column.reduce((sum, v, i) => sum + v * (x[i] as number), 0) ** 2 / length;
    quadratic += along / (length + VARIANCE) - along / VARIANCE;
    logDet += Math.log((length + VARIANCE) / VARIANCE);
  }
  return -0.5 * (quadratic + logDet + 3 * Math.log(2 * Math.PI));
}

/** `E_q log p(x | z) − KL(q ‖ p)`, with the expectation in closed form and the rest by the package. */
function bound(x: readonly number[], center: readonly number[], variances: readonly number[]): number {
  return tidy(() => {
    const predicted = W.map((row) => row.reduce((sum, w, k) => sum + w * (center[k] as number), 0));
    const around = gaussianLogProb(tensor2d([[...x]]), {
      mean: tensor2d([predicted]),
      logVariance: fill([1, 3], Math.log(VARIANCE)),
    });
    const spread = W.flatMap((row) => row.map((w, k) => w * w * (variances[k] as number)));
    const divergence = gaussianKl({
      mean: tensor2d([[...center]]),
      logVariance: tensor2d([variances.map(Math.log)]),
    });
    const total = (t: Tensor) => [...t.dataSync()].reduce((sum, v) => sum + v, 0);
    return total(around) - spread.reduce((sum, v) => sum + v, 0) / (2 * VARIANCE) - total(divergence);
  });
}

test("the bound never exceeds the evidence of a linear-Gaussian model, and reaches it at the exact posterior", () => {
  const rng = new Rng(0);
  const x = [0.9, -1.4, 0.3];
  const evidence = exactLogProb(x);
  for (let i = 0; i < 50; i++) {
    const [a, b] = rng.randn([2]).data as unknown as [number, number];
    const [c, d] = rng.rand([2]).data as unknown as [number, number];
    expect(bound(x, [a, b], [0.05 + c, 0.05 + d])).toBeLessThanOrEqual(evidence + 1e-5);
  }
  const columns = [0, 1].map((k) => W.map((row) => row[k] as number));
  const lengths = columns.map((column) => column.reduce((sum, v) => sum + v * v, 0));
  const posterior = columns.map((column, k) => {
    const along = column.reduce((sum, v, i) => sum + v * (x[i] as number), 0);
    return along / ((lengths[k] as number) + VARIANCE);
  });
  const variances = lengths.map((length) => VARIANCE / (length + VARIANCE));
  expect(bound(x, posterior, variances)).toBeCloseTo(evidence, 4);
});

test("one code gives the evidence lower bound on average, more codes a tighter one", () => {
  const rng = new Rng(0);
  const x = tile(tensor2d([[0.2, 0.9, 0.5]]), [4000, 1]);
  const model: EncoderDecoder = {
    encode: (given) => ({ mean: fill([given.shape[0]!, 2], 0.3), logVariance: zeros([given.shape[0]!, 2]) }),
    decode: decoded,
  };
  const at = (samples: number) =>
    tidy(() => importanceWeightedElbo(model, x, { rng, samples }).dataSync()[0]!);
  const [one, five, fifty] = [at(1), at(5), at(50)];
  expect(five).toBeLessThan(one - 0.02);
  expect(fifty).toBeLessThan(five - 0.005);
  const elbo = tidy(() => {
    const posterior = model.encode(x);
    const noise = tensor2d(rng.randn([4000, 2]).data, [4000, 2]);
    const { loss } = negativeElbo(decoded(sub(noise, fill([1, 2], -0.3))), x, posterior);
    return loss.dataSync()[0]!;
  });
  expect(one).toBeCloseTo(elbo, 1);
});

function decoded(code: Tensor): Tensor {
  return tidy(() =>
    matMul(
      code,
      tensor2d([
        [1.5, -1, 0.4],
        [-0.8, 2, 1],
      ]),
    ),
  );
}

test("errors say what came", () => {
  const wrong = { mean: ones([2]), logVariance: ones([3]) };
  expect(() => gaussianLogProb(ones([2]), wrong)).toThrow(
    new ShapeError("gaussianLogProb: logVariance is [3], expected [2]."),
  );
  expect(() => categoricalKl(ones([2, 3]), ones([2, 2]))).toThrow(ShapeError);
  expect(() =>
    negativeElbo(ones([2, 3]), ones([2, 2]), { mean: ones([2, 1]), logVariance: ones([2, 1]) }),
  ).toThrow(new ShapeError("negativeElbo: target is [2, 2], expected [2, 3]."));
});
