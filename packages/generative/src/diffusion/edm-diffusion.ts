import {
  checkFinite,
  checkOptions,
  checkPositive,
  checkRng,
  checkShape,
  Module,
  OptionError,
  sizeAlong,
} from "@pellucid/core-train";
import {
  add,
  mean,
  mul,
  reshape,
  square,
  sub,
  type Tensor,
  type Tensor1D,
  tidy,
} from "@tensorflow/tfjs-core";
import { heun } from "../sampler/heun.ts";
import type { NoiseLevel } from "../sampler/noise-level.ts";
import { EachExample } from "../sampler/each-example.ts";
import { randomTensor } from "../sampler/random-tensor.ts";
import type { Sampler } from "../sampler/sampler.ts";
import type { Solver } from "../sampler/solver.ts";
import { solverSampler } from "../sampler/solver-sampler.ts";
import { clipped, type Clip } from "./clip.ts";
import { denoised } from "./denoised.ts";
import type { Condition, DenoisingNet } from "./denoising-net.ts";
import type { DiffusionLossOptions } from "./gaussian-diffusion.ts";
import {
  edmPreconditioning,
  karrasLevels,
  type KarrasLevelsOptions,
  type Preconditioning,
} from "./karras.ts";

/** Options for {@link EdmDiffusion}. */
export interface EdmDiffusionOptions {
  /** The standard deviation of the examples. Default: 0.5. */
  readonly sigmaData?: number;
  /** The mean of the logarithm of the noise level in training. Default: −1.2. */
  readonly pMean?: number;
  /** Its standard deviation. Default: 1.2. */
  readonly pStd?: number;
}

/** Options for {@link EdmDiffusion.sampler}. */
export interface EdmSamplerOptions extends KarrasLevelsOptions {
  /** Default: 32. */
  readonly steps?: number;
  /** Default: {@link heun}. */
  readonly solver?: Solver;
  /** Default: none. */
  readonly condition?: Condition;
  /** Default: not at all. */
  readonly clip?: Clip;
}

/**
 * Diffusion over standard deviations instead of time steps: `x = x₀ + σ ε`, with a network whose input, output and loss have variance 1 at every `σ`.
 *
 * Karras et al., 2022. https://arxiv.org/abs/2206.00364
 *
 * Names and draws are those of lucidrains' `ElucidatedDiffusion`: first the noise levels, then the noise. The network is given `log(σ) / 4` as the time.
 */
export class EdmDiffusion extends Module {
  readonly net: DenoisingNet;
  readonly sigmaData: number;
  readonly pMean: number;
  readonly pStd: number;

  constructor(net: DenoisingNet, options: EdmDiffusionOptions = {}) {
    super();
    checkOptions("EdmDiffusion", options, ["sigmaData", "pMean", "pStd"]);
    const { sigmaData = 0.5, pMean = -1.2, pStd = 1.2 } = options;
    checkPositive("EdmDiffusion", { sigmaData, pStd });
    checkFinite("EdmDiffusion", { pMean });
    this.net = net;
    this.sigmaData = sigmaData;
    this.pMean = pMean;
    this.pStd = pStd;
  }

  /**
   * Estimates the clean examples.
   *
   * @param x `[batch, ...]`
   * @param sigmas the noise level of each example
   */
  estimate(x: Tensor, sigmas: readonly number[], condition: Condition = {}): Tensor {
    checkSigmas("estimate", x, sigmas);
    return tidy(() => this.#estimate(x, EachExample.of(sigmas), condition));
  }

  /**
   * The loss of a batch at random noise levels. Call it within `trainStep`.
   *
   * @param x0 `[batch, ...]`
   * @returns one number
   */
  loss(x0: Tensor, options: DiffusionLossOptions): Tensor {
    checkRng("EdmDiffusion.loss", options);
    checkOptions("EdmDiffusion.loss", options, ["rng", "condition"]);
    const { rng, condition } = options;
    return tidy(() => {
      const normal = EachExample.draw(() => rng.randn([x0.shape[0] ?? 0]).data);
      const sigmas = normal.map((z) => Math.exp(this.pMean + this.pStd * z));
      return this.#lossOf(x0, sigmas, randomTensor(x0.shape, rng), condition);
    });
  }

  /**
   * The loss at given noise levels.
   *
   * @param noise standard normal, the shape of `x0`
   */
  lossAt(x0: Tensor, sigmas: readonly number[], noise: Tensor, condition: Condition = {}): Tensor {
    checkShape("EdmDiffusion", "noise", noise, x0.shape);
    checkSigmas("lossAt", x0, sigmas);
    return tidy(() => this.#lossOf(x0, EachExample.of(sigmas), noise, condition));
  }

  #lossOf(x0: Tensor, sigmas: EachExample, noise: Tensor, condition?: Condition): Tensor {
    const x = add(x0, mul(noise, sigmas.tensor(x0.rank)));
    const errors = square(sub(this.#estimate(x, sigmas, condition), x0));
    const perImage = mean(reshape(errors, [sizeAlong(x0, 0), -1]), 1); // [batch]
    const weights = sigmas.map((sigma) => edmPreconditioning(sigma, this.sigmaData).lossWeight);
    return mean(mul(perImage, weights.tensor()));
  }

  #estimate(x: Tensor, sigmas: EachExample, condition?: Condition): Tensor {
    return preconditioned(
      this.net,
      x,
      sigmas,
      (sigma) => edmPreconditioning(sigma, this.sigmaData),
      condition,
    );
  }

  /** Makes examples from noise. */
  sampler(options: EdmSamplerOptions = {}): Sampler {
    checkOptions("EdmDiffusion.sampler", options, [
      "steps",
      "solver",
      "condition",
      "clip",
      "sigmaMin",
      "sigmaMax",
      "rho",
    ]);
    const { steps = 32, solver = heun(), condition, clip, ...spread } = options;
    const denoise = (x: Tensor, { sigma }: NoiseLevel) => {
      const sigmas = new Array<number>(sizeAlong(x, 0)).fill(sigma);
      return { x0: clipped(this.estimate(x, sigmas, condition), clip) };
    };
    return solverSampler(denoise, { levels: karrasLevels(steps, spread), solver });
  }
}

/** `skip · x + out · net(in · x, noise)`, with factors of its own for each example. */
export function preconditioned(
  net: DenoisingNet,
  x: Tensor,
  sigmas: EachExample,
  scaleOf: (sigma: number) => Preconditioning,
  condition: Condition = {},
): Tensor {
  const each = (value: (scale: Preconditioning) => number): Tensor =>
    sigmas.map((sigma) => value(scaleOf(sigma))).tensor(x.rank);
  const time = sigmas.map((sigma) => scaleOf(sigma).noise).tensor() as Tensor1D;
  const output = denoised(net, {
    ...condition,
    x: mul(
      x,
      each((scale) => scale.in),
    ),
    time,
  });
  checkShape("EdmDiffusion", "the network's output", output, x.shape);
  return add(
    mul(
      x,
      each(({ skip }) => skip),
    ),
    mul(
      output,
      each(({ out }) => out),
    ),
  );
}

function checkSigmas(caller: string, x: Tensor, sigmas: readonly number[]): void {
  if (sigmas.length === x.shape[0]) return;
  const expected = `one for each of ${x.shape[0]} examples`;
  throw new OptionError(caller, "sigmas", `${sigmas.length} numbers`, expected);
}
