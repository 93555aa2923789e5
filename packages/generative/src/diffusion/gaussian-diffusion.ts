import {
  checkArguments,
  checkNotNegative,
  checkOptions,
  checkRng,
  checkShape,
  type HasTorchLayout,
  Module,
  mseLoss,
  OptionError,
  type Rng,
  type TorchLayout,
  sizeAlong,
} from "@pellucid/core-train";
import { add, fill, mean, mul, reshape, type Tensor, type Tensor1D, tidy } from "@tensorflow/tfjs-core";
import { EachExample } from "../sampler/each-example.ts";
import { randomTensor } from "../sampler/random-tensor.ts";
import type { Sampler } from "../sampler/sampler.ts";
import { combine, type Denoiser, solverSampler } from "../sampler/solver-sampler.ts";
import { ddpm } from "../sampler/ddpm.ts";
import type { NoiseLevel } from "../sampler/noise-level.ts";
import type { Solver } from "../sampler/solver.ts";
import { clipped, type Clip } from "./clip.ts";
import { denoised } from "./denoised.ts";
import type { Condition, DenoisingNet } from "./denoising-net.ts";
import type { Guidance, Prediction } from "./guidance.ts";
import { learnedDeviation, splitVariance, varianceLoss } from "./learned-variance.ts";
import { lossWeights } from "./loss-weights.ts";
import type { NoiseSchedule } from "./noise-schedule.ts";
import { checkObjective, type Objective, targetFactors, x0Factors } from "./objective.ts";
import { scheduleBuffers } from "./schedule-buffers.ts";
import { type TimestepSpacing, timestepSpacing } from "./timestep-spacing.ts";

/** Options for {@link GaussianDiffusion}. */
export interface GaussianDiffusionOptions {
  readonly schedule: NoiseSchedule;
  /** What the network predicts. Default: `"pred_v"`, as lucidrains. */
  readonly objective?: Objective;
  /** The bound of the signal-to-noise ratio in the weights of the loss, see {@link lossWeights}; `"uniform"` weighs all steps equally. Default: no bound. */
  readonly minSnrGamma?: number | "uniform";
  /** The standard deviation of noise that all pixels of a channel share, so that brightness is learned too. Default: 0. */
  readonly offsetNoise?: number;
  /** Whether the network's second half of channels is the variance, see {@link learnedDeviation}. Default: false. */
  readonly learnedVariance?: boolean;
}

/** Options for {@link GaussianDiffusion.loss}. */
export interface DiffusionLossOptions {
  /** Random generator: of the time steps, then of the noise. */
  readonly rng: Rng;
  /** Default: none. */
  readonly condition?: Condition;
}

/** Options for {@link GaussianDiffusion.denoiser}. */
export interface DenoiserOptions {
  /** Default: none. */
  readonly condition?: Condition;
  /** Default: none. */
  readonly guidance?: Guidance;
  /** Where the estimate of the clean example is clipped. Default: not at all. */
  readonly clip?: Clip;
  /** What runs as the network, such as `compile((input: UnetInput) => net.forward(input))`, which is about twice as fast on small images. Default: the network's `forward`. */
  readonly forward?: (input: never) => Tensor;
}

/** Options for {@link GaussianDiffusion.sampler}. */
export interface DiffusionSamplerOptions extends DenoiserOptions {
  /** Default: {@link ddpm}. */
  readonly solver?: Solver;
  /** Default: all steps of training. */
  readonly steps?: number;
  /** Which steps, see {@link TimestepSpacing}. Default: `"trailing"`. */
  readonly spacing?: TimestepSpacing;
}

/**
 * A diffusion model: a network learns to denoise examples of any noise level, and from noise a {@link Sampler} makes new examples.
 *
 *     x_t = √ᾱ_t x_0 + √(1 − ᾱ_t) ε;   loss = w_t · mean((net(x_t, t) − target)²)
 *
 * Ho et al., 2020. https://arxiv.org/abs/2006.11239
 *
 * Time steps and noise are drawn in the order of lucidrains' `GaussianDiffusion`, whose checkpoints load: the network is `model`.
 * Unlike there, examples are not scaled: give them a mean near 0 and a standard deviation near 1, such as pixels from −1 to 1.
 */
export class GaussianDiffusion extends Module implements HasTorchLayout {
  readonly model: DenoisingNet;
  readonly schedule: NoiseSchedule;
  readonly objective: Objective;
  readonly offsetNoise: number;
  readonly learnedVariance: boolean;
  /** The weight of each step in the loss. */
  readonly weights: Float64Array;

  constructor(model: DenoisingNet, options: GaussianDiffusionOptions) {
    super();
    const caller = "GaussianDiffusion";
    if (typeof options !== "object" || options === null || !("schedule" in options))
      throw new OptionError(caller, "schedule", undefined, "a NoiseSchedule, such as cosineSchedule(1000)");
    checkOptions(caller, options, ["schedule", "objective", "minSnrGamma", "offsetNoise", "learnedVariance"]);
    const { schedule, objective = "pred_v", minSnrGamma, offsetNoise = 0, learnedVariance = false } = options;
    checkObjective(caller, objective);
    checkNotNegative(caller, { offsetNoise });
    const weights = lossWeights(schedule, objective, minSnrGamma === "uniform" ? undefined : minSnrGamma);
    this.model = model;
    this.schedule = schedule;
    this.objective = objective;
    this.offsetNoise = offsetNoise;
    this.learnedVariance = learnedVariance;
    this.weights = minSnrGamma === "uniform" ? weights.fill(1) : weights;
  }

  get torchLayout(): TorchLayout {
    return Object.fromEntries(scheduleBuffers.map((name) => [name, { ignored: true }]));
  }

  /**
   * Draws from `q(x_t | x_0)`: examples with noise.
   *
   * @param x0 `[batch, ...]`
   * @param times the step of each example
   * @param noise the shape of `x0`
   */
  qSample(x0: Tensor, times: readonly number[], noise: Tensor): Tensor {
    checkShape("qSample", "noise", noise, x0.shape);
    this.#checkTimes("qSample", x0, times);
    return tidy(() => this.#noisy(x0, EachExample.of(times), noise));
  }

  /**
   * The loss of a batch at random time steps. Call it within `trainStep`.
   *
   * @param x0 `[batch, ...]`
   * @returns one number
   */
  loss(x0: Tensor, options: DiffusionLossOptions): Tensor {
    checkRng("GaussianDiffusion.loss", options);
    checkOptions("GaussianDiffusion.loss", options, ["rng", "condition"]);
    const { rng, condition } = options;
    const batch = x0.shape[0] ?? 0;
    return tidy(() => {
      const times = EachExample.draw(() => rng.randint(0, this.schedule.steps, [batch]).data);
      return this.#lossOf(x0, times, this.#noise(x0, rng), condition);
    });
  }

  /**
   * The loss at given time steps and noise.
   *
   * @param x0 `[batch, ...]`
   * @param times the step of each example, from 0
   * @param noise the shape of `x0`
   */
  lossAt(x0: Tensor, times: readonly number[], noise: Tensor, condition: Condition = {}): Tensor {
    this.#checkTimes("lossAt", x0, times);
    return tidy(() => this.#lossOf(x0, EachExample.of(times), noise, condition));
  }

  /**
   * What the network says of noisy examples of one level, under a condition.
   *
   * @param forward see {@link DenoiserOptions}
   */
  prediction(condition: Condition = {}, forward?: DenoiserOptions["forward"]): Prediction {
    checkArguments("GaussianDiffusion.prediction", { "function?": { forward } });
    const net = forward === undefined ? this.model : { forward };
    const parts = this.learnedVariance ? 2 : 1;
    return (x, { time }) => {
      const batch = sizeAlong(x, 0);
      const output = denoised(net, { ...condition, x, time: fill([batch], time) as Tensor1D });
      const expected = [...x.shape.slice(0, -1), sizeAlong(x, -1) * parts];
      checkShape("GaussianDiffusion", "what the network gives", output, expected);
      return output;
    };
  }

  /**
   * Estimates clean examples from noisy ones.
   *
   * @param x `[batch, ...]`
   * @param level such as `diffusion.schedule.level(t)`
   */
  estimate(x: Tensor, level: NoiseLevel, condition: Condition = {}): Tensor {
    return tidy(() => {
      const output = this.prediction(condition)(x, level);
      const predicted = this.learnedVariance ? splitVariance(output)[0] : output;
      const { ofX, ofOutput } = x0Factors(this.objective, level);
      return combine([ofOutput, predicted], [ofX, x]);
    });
  }

  /** The noise levels of some of the steps of training, falling, and the clean example's at the end. */
  levels(steps = this.schedule.steps, spacing: TimestepSpacing = "trailing"): NoiseLevel[] {
    return [...timestepSpacing(this.schedule.steps, steps, spacing), -1].map((t) => this.schedule.level(t));
  }

  /**
   * The network as a solver sees it: clean examples from noisy ones.
   *
   * @param levels those that the solver will visit, which a learned variance depends on
   */
  denoiser(options: DenoiserOptions = {}, levels: readonly NoiseLevel[] = this.levels()): Denoiser {
    checkOptions("GaussianDiffusion.denoiser", options, ["condition", "guidance", "clip", "forward"]);
    const { condition, guidance = (predict: Prediction) => predict, clip, forward } = options;
    checkArguments("GaussianDiffusion.denoiser", { "function?": { guidance, forward } });
    const { objective, learnedVariance } = this;
    const predict = guidance(this.prediction(condition, forward), objective);
    return (x, level) => {
      const output = predict(x, level);
      const [predicted, variance] = learnedVariance ? splitVariance(output) : [output, null];
      const { ofX, ofOutput } = x0Factors(objective, level);
      const x0 = clipped(combine([ofOutput, predicted], [ofX, x]), clip);
      if (variance === null) return { x0 };
      const to = levels[levels.findIndex(({ time }) => time === level.time) + 1] as NoiseLevel;
      return { x0, scaleNoise: (noise: Tensor) => mul(noise, learnedDeviation(variance, level, to)) };
    };
  }

  /** Makes examples from noise. */
  sampler(options: DiffusionSamplerOptions = {}): Sampler {
    const caller = "GaussianDiffusion.sampler";
    checkOptions(caller, options, ["solver", "steps", "spacing", "condition", "guidance", "clip", "forward"]);
    const { solver = ddpm(), steps, spacing, ...denoising } = options;
    const levels = this.levels(steps, spacing);
    return solverSampler(this.denoiser(denoising, levels), { levels, solver });
  }

  #noise(x0: Tensor, rng: Rng): Tensor {
    const noise = randomTensor(x0.shape, rng);
    if (this.offsetNoise === 0) return noise;
    const [batch, channels] = [sizeAlong(x0, 0), sizeAlong(x0, -1)];
    const shared = randomTensor([batch, channels], rng);
    const ones = x0.shape.slice(1, -1).map(() => 1);
    return add(noise, mul(reshape(shared, [batch, ...ones, channels]), this.offsetNoise));
  }

  #noisy(x0: Tensor, times: EachExample, noise: Tensor): Tensor {
    const level = (t: number) => this.schedule.level(t);
    return blended([x0, times.map((t) => level(t).alpha)], [noise, times.map((t) => level(t).sigma)]);
  }

  #lossOf(x0: Tensor, times: EachExample, noise: Tensor, condition: Condition = {}): Tensor {
    const { schedule, objective } = this;
    const x = this.#noisy(x0, times, noise); // [batch, ...]
    const time = times.map((t) => schedule.level(t).time).tensor() as Tensor1D;
    const output = denoised(this.model, { ...condition, x, time });
    const [predicted, variance] = this.learnedVariance ? splitVariance(output) : [output, null];
    checkShape("GaussianDiffusion", "the network's output", predicted, x0.shape);
    const target = (t: number) => targetFactors(objective, schedule.level(t));
    const expected = blended(
      [x0, times.map((t) => target(t).ofX0)],
      [noise, times.map((t) => target(t).ofNoise)],
    );
    const errors = mseLoss(predicted, expected, { reduction: "none" });
    const perImage = mean(reshape(errors, [sizeAlong(x0, 0), -1]), 1); // [batch]
    const simple = mean(mul(perImage, times.map((t) => this.weights[t] ?? NaN).tensor()));
    if (variance === null) return simple;
    const factors = (t: number) => x0Factors(objective, schedule.level(t));
    const estimate = blended(
      [x, times.map((t) => factors(t).ofX)],
      [predicted, times.map((t) => factors(t).ofOutput)],
    );
    return add(simple, mean(varianceLoss(schedule, { x0, x, estimate, variance }, times)));
  }

  #checkTimes(caller: string, x0: Tensor, times: readonly number[]): void {
    if (times.length !== x0.shape[0])
      throw new OptionError(
        caller,
        "times",
        `${times.length} numbers`,
        `one for each of ${x0.shape[0]} examples`,
      );
  }
}

/** `x a + y b` with one factor per example. */
function blended([x, a]: readonly [Tensor, EachExample], [y, b]: readonly [Tensor, EachExample]): Tensor {
  return add(mul(x, a.tensor(x.rank)), mul(y, b.tensor(y.rank)));
}
