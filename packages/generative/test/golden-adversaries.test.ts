// Conventions and edges where implementations go wrong: cases with numbers from outside.
import { useBackend } from "@pellucid/backends";
import {
  BatchNorm1d,
  flatten,
  gaussianKl,
  gradient,
  gumbelSoftmax,
  linear,
  loadWeights,
  matMul,
  Module,
  parameter,
  type Parameter,
  relu,
  Rng,
  training,
  valueAndGradients,
} from "@pellucid/core-train";
import {
  EmaVectorQuantizer,
  gaussianLogProb,
  gradientPenalty,
  hingeGan,
  leastSquaresGan,
  minimaxGan,
  nonSaturatingGan,
  r1Penalty,
  SpectralNormConv2d,
  SpectralNormLinear,
  VectorQuantizer,
  wassersteinGan,
} from "@pellucid/generative";
import { fixture } from "@pellucid/testing";
import {
  add,
  concat,
  mul,
  type Rank,
  scalar,
  slice,
  sub,
  sum,
  tanh,
  type Tensor,
  tensor,
  tensor1d,
  tensor2d,
  type Tensor2D,
  tensor4d,
  type Tensor4D,
  transpose,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

interface Golden {
  readonly kind: keyof typeof kinds;
  readonly name: string;
  // the fields differ from kind to kind
  readonly input: any; // oxlint-disable-line typescript/no-explicit-any
  readonly right: any; // oxlint-disable-line typescript/no-explicit-any
}

/** Five times the rounding of float32 numbers of size 1. */
const near = { rtol: 3e-6, atol: 3e-6 };
const flat = (x: unknown): number[] => [x].flat(Infinity as 1) as number[];
const param = (rows: number[] | number[][]): Parameter => {
  const x = tensor(rows);
  return parameter({ data: x.dataSync() as Float32Array, shape: x.shape });
};

/** A generator whose next uniform or exponential draws are given. */
const drawing = (values: number[]): Rng => {
  const rng = new Rng(0);
  const given = (shape: readonly number[]) => ({ data: Float32Array.from(values), shape });
  return Object.assign(rng, { rand: given, exponential: given });
};

const kinds = {
  vq({ input, right }: Golden) {
    const book = new VectorQuantizer(input.codebook.length, input.codebook[0].length, {
      rng: new Rng(0),
      beta: input.beta,
    });
    book.codebook.assign(tensor2d(input.codebook) as Parameter<Rank.R2>);
    const z = param(input.z);
    const found = book.forward(z);
    expect(found.indices).toBeAllclose(right.index);
    expect(found.loss).toBeAllclose([right.loss], near);
    const { gradients } = valueAndGradients({ z, codebook: book.codebook }, () => {
      const { quantized, loss } = book.forward(z);
      return add(sum(mul(quantized, tensor2d(input.downstream_gradient))), loss);
    });
    expect(gradients["z"]!).toBeAllclose(flat(right.grad_z), near);
    expect(gradients["codebook"]!).toBeAllclose(flat(right.grad_codebook), near);
    const late = gradient((codes: Tensor2D) => {
      book.codebook.assign(codes as Parameter<Rank.R2>);
      const after = sub(book.forward(z).quantized, z); // a distance after the straight-through line has none
      return add(sum(mul(after, after)), sum(mul(codes, 0)));
    })(tensor2d(input.codebook));
    expect(late).toBeAllclose(flat(input.codebook).map(() => 0));

    const { ema_decay: decay, ema_eps: eps, ema_start_counts: counts } = input;
    const running = new EmaVectorQuantizer(counts.length, input.z[0].length, { rng: new Rng(0), decay, eps });
    const codes = tensor2d(input.codebook);
    running.codebook.assign(codes as Parameter<Rank.R2>);
    running.clusterSize.assign(tensor1d(counts) as Parameter<Rank.R1>);
    running.clusterSum.assign(mul(codes, tensor2d(counts, [counts.length, 1])) as Parameter<Rank.R2>);
    running.forward(z);
    expect(running.codebook).toBeAllclose(flat(input.codebook)); // inference changes nothing
    training(running, () => running.forward(z));
    expect(running.clusterSize).toBeAllclose(right.ema_counts, near);
    expect(running.codebook).toBeAllclose(flat(right.ema_codebook), near);
  },

  "gumbel-softmax"({ input, right }: Golden) {
    const rng = () => drawing(flat(input.gumbel_noise).map((g) => Math.exp(-g)));
    const logits = tensor2d(input.logits);
    const choose = (hard: boolean) => (x: Tensor2D) => gumbelSoftmax(x, { rng: rng(), tau: input.tau, hard });
    expect(choose(false)(logits)).toBeAllclose(flat(right.soft), near);
    expect(choose(true)(logits)).toBeAllclose(flat(right.hard), near);
    const weighted = (x: Tensor2D) => sum(mul(choose(true)(x), tensor2d(input.upstream)));
    expect(gradient(weighted)(logits)).toBeAllclose(flat(right.grad_logits_straight_through), near);
  },

  "gradient-penalty"({ input, right }: Golden) {
    const images = (nchw: number[][][][]) => transpose<Tensor4D>(tensor4d(nchw), [0, 2, 3, 1]);
    const [real, fake] = [images(input.real), images(input.fake)];
    const parameters = { w: param(input.W), a: param(input.a) };
    const critic = {
      forward: (x: Tensor4D) => {
        const rows = flatten(x); // channel by channel
        return sum(mul(parameters.a, tanh(matMul(rows, parameters.w, false, true))), 1);
      },
    };
    const { lambda, r1_gamma: gamma, eps_per_sample: eps } = input;
    const penalty = () => gradientPenalty(critic, real, fake, { rng: drawing(eps), lambda });
    const found = valueAndGradients(parameters, penalty);
    expect(found.value).toBeAllclose([right.penalty], near);
    expect(found.gradients["w"]!).toBeAllclose(flat(right.grad_W), { rtol: 1e-5, atol: 1e-5 });
    expect(found.gradients["a"]!).toBeAllclose(right.grad_a, { rtol: 1e-5, atol: 1e-5 });
    const r1 = valueAndGradients(parameters, () => r1Penalty(critic, real, gamma));
    expect(r1.value).toBeAllclose([right.r1], near);
    expect(r1.gradients["w"]!).toBeAllclose(flat(right.r1_grad_W), near);
    const zero = param(flat(input.real[0]).map(() => 0));
    const flatCritic = { forward: (x: Tensor4D) => matMul(flatten(x), zero) };
    const atZero = valueAndGradients({ zero }, () =>
      gradientPenalty(flatCritic, real, fake, { rng: drawing(eps) }),
    );
    expect(atZero.gradients["zero"]!).toBeAllclose(zero);
  },

  "spectral-norm"({ input, right }: Golden) {
    const { weight, u, v, power_iterations: powerIterations } = input;
    const options = { rng: new Rng(0), powerIterations, bias: false };
    const isLinear = typeof weight[0][0] === "number";
    const [out, inside, kernel] = isLinear
      ? [weight.length, weight[0].length]
      : [weight.length, weight[0].length, weight[0][0].length];
    const layer = isLinear
      ? new SpectralNormLinear(inside, out, options)
      : new SpectralNormConv2d(inside, out, kernel, options);
    const shape = isLinear ? [out, inside] : [out, inside, kernel, kernel];
    loadWeights(layer, {
      "parametrizations.weight.original": { data: Float32Array.from(flat(weight)), shape },
      "parametrizations.weight.0._u": { data: Float32Array.from(u), shape: [u.length] },
      "parametrizations.weight.0._v": { data: Float32Array.from(v), shape: [v.length] },
    });
    const used = layer.parametrizations.weight;
    const value = () => transpose<Tensor>(used.value() as Tensor, isLinear ? [1, 0] : [3, 2, 0, 1]);
    expect(u).toHaveLength(right.matrix_rows);
    expect(value()).toBeAllclose(flat(right.eval_weight_first), near);
    expect(value()).toBeAllclose(flat(right.eval_weight_first), near); // inference never iterates
    const trained = training(layer, value);
    expect(trained).toBeAllclose(flat(right.train_weight_after_one_iteration), near);
    expect(used.u).toBeAllclose(right.u_after, near);
    expect(value()).toBeAllclose(flat(right.eval_weight_after), near);
    for (let i = 0; i < 60; i++) training(layer, value); // it converges to the largest singular value
    const ratio = (flat(weight)[0] as number) / (value().dataSync()[0] as number);
    expect(ratio).toBeCloseTo(right.true_sigma_of_the_matrix, 4);
  },

  "gan-batch-norm"({ input, right }: Golden) {
    const w = transpose<Tensor2D>(tensor2d(input.W));
    class Judge extends Module {
      readonly norm = new BatchNorm1d(input.a.length);
      forward(x: Tensor2D): Tensor {
        return sum(mul(tensor1d(input.a), relu(this.norm.forward(linear(x, w)))), 1);
      }
    }
    const [real, fake] = [tensor2d(input.real as number[][]), tensor2d(input.fake as number[][])];
    const apart = new Judge();
    const loss = training(apart, () =>
      nonSaturatingGan.discriminator(apart.forward(real), apart.forward(fake)),
    );
    const { separate, mixed } = right;
    expect(loss).toBeAllclose([separate.loss_d_real_plus_fake], near);
    expect(apart.norm.runningMean!).toBeAllclose(separate.running_mean, near);
    expect(apart.norm.runningVar!).toBeAllclose(separate.running_var, near);
    expect(apart.norm.numBatchesTracked!).toBeAllclose([separate.batches_tracked]);
    const together = new Judge();
    const logits = training(together, () => together.forward(concat([real, fake])));
    const n = real.shape[0];
    const both = nonSaturatingGan.discriminator(slice(logits, 0, n), slice(logits, n));
    expect(both).toBeAllclose([mixed.loss_d_real_plus_fake], near);
    expect(together.norm.runningMean!).toBeAllclose(mixed.running_mean, near);
    expect(together.norm.runningVar!).toBeAllclose(mixed.running_var, near);
  },

  "gan-losses"({ input, right }: Golden) {
    const [real, fake] = [tensor1d(input.logits_of_reals), tensor1d(input.logits_of_fakes)];
    expect(nonSaturatingGan.generator(fake)).toBeAllclose([right.generator_non_saturating], near);
    expect(minimaxGan.generator(fake)).toBeAllclose([right.generator_saturating_log_1_minus_D], near);
    expect(minimaxGan.discriminator(real, fake)).toBeAllclose([right.discriminator], near);
    expect(leastSquaresGan.discriminator(real, fake)).toBeAllclose([right.lsgan_d_half], near);
    expect(hingeGan.discriminator(real, fake)).toBeAllclose([right.hinge_d], near);
    expect(wassersteinGan.discriminator(real, fake)).toBeAllclose([right.wgan_d], near);
  },

  "vae-kl-elbo"({ input, right }: Golden) {
    const normal = ([mean, deviation]: number[]) => ({
      mean: scalar(mean!),
      logVariance: scalar(2 * Math.log(deviation!)),
    });
    const [p, q] = [normal(input.p), normal(input.q)];
    expect(gaussianKl(p, q)).toBeAllclose([right.kl_p_q], near);
    expect(gaussianKl(q, p)).toBeAllclose([right.kl_q_p], near);
    const posterior = { mean: tensor2d(input.mu), logVariance: tensor2d(input.logvar) };
    const perExample = mul(sum(gaussianKl(posterior)), 1 / input.mu.length);
    expect(perExample).toBeAllclose([right.kl_to_standard_sum_dims_mean_batch], near);
    // x = w z + noise: the bound at a posterior N(m, v), and log p(x) at the exact one
    const [w, deviation] = /N\(([\d.]+) z, ([\d.]+)\^2\)/
      .exec(input.linear_gaussian.x_given_z)!
      .slice(1)
      .map(Number);
    const { x } = input.linear_gaussian;
    const variance = deviation! ** 2;
    const expected = (m: number, v: number) => {
      const around = gaussianLogProb(scalar(x), {
        mean: scalar(w! * m),
        logVariance: scalar(Math.log(variance)),
      });
      const spread = mul(-0.5, (w! ** 2 * v) / variance); // E (x − w z)² has w² v more
      return sub(add(around, spread), gaussianKl({ mean: scalar(m), logVariance: scalar(Math.log(v)) }));
    };
    const total = w! ** 2 + variance;
    const exact = gaussianLogProb(scalar(x), { mean: scalar(0), logVariance: scalar(Math.log(total)) });
    expect(exact).toBeAllclose([right.log_p_x], near);
    expect(expected((w! * x) / total, variance / total)).toBeAllclose([right.elbo_at_exact_posterior], near);
    expect(expected(0.2, 0.5)).toBeAllclose([right["elbo_at_m_.2_v_.5"]], near);
  },
};

const cases = fixture<Golden[]>(import.meta.url, "../fixtures/golden/adversaries.json");

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));
  test.for(cases)("$kind: $name", (c) => kinds[c.kind](c));
});
