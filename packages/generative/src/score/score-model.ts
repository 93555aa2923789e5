import {
  checkArguments,
  checkOptions,
  checkPositive,
  checkRng,
  checkShape,
  checkSizes,
  checkTensor,
  type Layer,
  Module,
  OptionError,
  type Rng,
  sizeAlong,
} from "@pellucid/core-train";
import {
  add,
  div,
  fill,
  mean,
  mul,
  reshape,
  square,
  sum,
  type Tensor,
  type Tensor1D,
  tidy,
} from "@tensorflow/tfjs-core";
import { denoised } from "../diffusion/denoised.ts";
import type { DenoisingNet } from "../diffusion/denoising-net.ts";
import { createSampler } from "../sampler/create-sampler.ts";
import { EachExample } from "../sampler/each-example.ts";
import { randomTensor } from "../sampler/random-tensor.ts";
import type { Sampler } from "../sampler/sampler.ts";

/** Standard deviations from high to low, each the same multiple of the next. */
export function geometricSigmas(count: number, sigmaMax: number, sigmaMin: number): number[] {
  checkSizes("geometricSigmas", { count });
  checkPositive("geometricSigmas", { sigmaMax, sigmaMin });
  if (sigmaMin > sigmaMax)
    throw new OptionError("geometricSigmas", "sigmaMin", sigmaMin, `at most sigmaMax (${sigmaMax})`);
  const ratio = count === 1 ? 1 : (sigmaMin / sigmaMax) ** (1 / (count - 1));
  return Array.from({ length: count }, (_, i) => sigmaMax * ratio ** i);
}

/** Options for {@link ScoreModel.sampler}. */
export interface LangevinOptions {
  /** Steps at each noise level. Default: 100. */
  readonly stepsPerLevel?: number;
  /** The step size at the lowest level; at others it grows with the variance. Default: 2e-5. */
  readonly stepSize?: number;
  /** Whether a last step without noise is added. Default: true. */
  readonly denoise?: boolean;
}

/**
 * A network learns the score `∇ log p` of examples with noise, for several noise levels: `net(x, i) / σ_i`. Annealed Langevin dynamics, which climbs it with noise,
 * makes new examples.
 *
 * Song and Ermon, 2019. https://arxiv.org/abs/1907.05600
 */
export class ScoreModel extends Module {
  readonly net: DenoisingNet;
  readonly sigmas: readonly number[];

  /**
   * @param sigmas the noise levels, falling; see {@link geometricSigmas}
   * @throws {StructError} For a net without `forward`, or levels that are not numbers.
   * @throws {OptionError} For levels that do not fall, or are not above 0.
   */
  constructor(net: DenoisingNet, sigmas: readonly number[]) {
    super();
    checkArguments("ScoreModel", { "{ forward }": { net }, numbers: { sigmas } });
    checkSizes("ScoreModel", { "the number of sigmas": sigmas.length });
    for (const [i, sigma] of sigmas.entries())
      if (!(sigma > 0 && sigma < (sigmas[i - 1] ?? Infinity)))
        throw new OptionError("ScoreModel", `sigmas[${i}]`, sigma, "falling numbers above 0");
    this.net = net;
    this.sigmas = sigmas;
  }

  /**
   * The score of examples at a noise level.
   *
   * @param x `[batch, ...]`
   * @param level the index of the noise level
   */
  score(x: Tensor, level: number): Tensor {
    const sigma = this.sigmas[level];
    if (sigma === undefined)
      throw new OptionError(
        "ScoreModel.score",
        "level",
        level,
        `an integer from 0 to ${this.sigmas.length - 1}`,
      );
    return tidy(() =>
      div(denoised(this.net, { x, time: fill([sizeAlong(x, 0)], level) as Tensor1D }), sigma),
    );
  }

  /**
   * Denoising score matching at random levels: `½ mean Σ (σ score(x + σ ε) + ε)²`, summed over the features. Vincent, 2011; Song and Ermon, eq. 6.
   *
   * @param x0 `[batch, ...]`
   * @returns one number
   */
  loss(x0: Tensor, options: { readonly rng: Rng }): Tensor {
    checkRng("ScoreModel.loss", options);
    checkOptions("ScoreModel.loss", options, ["rng"]);
    const { rng } = options;
    return tidy(() => {
      const levels = EachExample.draw(() => rng.randint(0, this.sigmas.length, [x0.shape[0] ?? 0]).data);
      return matched(this.net, x0, this.sigmas, levels, randomTensor(x0.shape, rng));
    });
  }

  /** Annealed Langevin dynamics, algorithm 1. It begins with uniform noise between 0 and 1 there; here with normal noise of the highest level. */
  sampler(options: LangevinOptions = {}): Sampler {
    checkOptions("ScoreModel.sampler", options, ["stepsPerLevel", "stepSize", "denoise"]);
    const { stepsPerLevel = 100, stepSize = 2e-5, denoise = true } = options;
    checkSizes("ScoreModel.sampler", { stepsPerLevel });
    checkPositive("ScoreModel.sampler", { stepSize });
    const lowest = this.sigmas.at(-1) ?? NaN;
    const times = this.sigmas.flatMap((_, level) => new Array<number>(stepsPerLevel).fill(level));
    const noisy = times.length;
    if (denoise) times.push(this.sigmas.length - 1);
    return createSampler({
      caller: "ScoreModel.sampler",
      times: [...times, this.sigmas.length],
      start: (shape, rng) => mul(randomTensor(shape, rng), this.sigmas[0] ?? NaN),
      step: ({ step, x, rng }) => {
        const level = times[step] ?? NaN;
        const sigma = this.sigmas[level] ?? NaN;
        const score = this.score(x, level);
        const x0 = add(x, mul(score, sigma ** 2));
        if (step === noisy) return { x: x0, x0 };
        return { x: langevinStep(x, score, (stepSize * sigma ** 2) / lowest ** 2, rng), x0 };
      },
    });
  }
}

/**
 * The loss of {@link ScoreModel} for given levels and noise.
 *
 * @param x0 `[batch, ...]`
 * @param sigmas the noise levels
 * @param levels the index of the noise level of each example
 * @param noise of the shape of `x0`
 * @returns one number
 * @throws {StructError} For arguments of another kind.
 * @throws {ShapeError} If the shapes differ.
 */
export function denoisingScoreMatching(
  net: Layer<never, Tensor>,
  x0: Tensor,
  sigmas: readonly number[],
  levels: readonly number[],
  noise: Tensor,
): Tensor {
  checkArguments("denoisingScoreMatching", {
    "{ forward }": { net },
    tensor: { x0 },
    numbers: { sigmas, levels },
  });
  checkShape("denoisingScoreMatching", "noise", noise, x0.shape);
  return tidy(() => matched(net, x0, sigmas, EachExample.of(levels), noise));
}

function matched(
  net: Layer<never, Tensor>,
  x0: Tensor,
  sigmas: readonly number[],
  levels: EachExample,
  noise: Tensor,
): Tensor {
  const each = levels.map((level) => sigmas[level] ?? NaN).tensor(x0.rank);
  const output = denoised(net, { x: add(x0, mul(noise, each)), time: levels.tensor() as Tensor1D });
  const errors = sum(reshape(square(add(output, noise)), [sizeAlong(x0, 0), -1]), 1); // [batch]
  return mul(mean(errors), 0.5);
}

/**
 * One step of Langevin dynamics, which has the density of the score as its equilibrium: `x + ε/2 · score + √ε z`.
 *
 * @param x `[batch, ...]`
 * @param score of the shape of `x`
 * @returns the shape of `x`
 * @throws {StructError} For what is not a tensor.
 * @throws {ShapeError} If the shapes differ.
 * @throws {OptionError} For a step size of 0 or below, or without a random generator.
 */
export function langevinStep(x: Tensor, score: Tensor, stepSize: number, rng: Rng): Tensor {
  checkTensor("langevinStep", "x", x);
  checkShape("langevinStep", "score", score, x.shape);
  checkPositive("langevinStep", { stepSize });
  checkRng("langevinStep", { rng });
  return tidy(() =>
    add(add(x, mul(score, stepSize / 2)), mul(randomTensor(x.shape, rng), Math.sqrt(stepSize))),
  );
}
