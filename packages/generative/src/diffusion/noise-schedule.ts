import { checkArguments, checkSizes, OptionError } from "@pellucid/core-train";
import type { NoiseLevel } from "../sampler/noise-level.ts";

/**
 * How a diffusion process destroys an example in `steps` steps, and what follows from it, in 64 bits:
 *
 *     q(x_t | x_0) = N(√ᾱ_t x_0, 1 − ᾱ_t),   ᾱ_t = Π (1 − β)
 *
 * Ho et al., 2020. https://arxiv.org/abs/2006.11239
 *
 * @throws {StructError} For what is not numbers.
 * @throws {OptionError} For a `β` outside of (0, 1). The last one may be 1, so that nothing of the example is left: see {@link zeroTerminalSnr}.
 */
export class NoiseSchedule {
  readonly steps: number;
  /** The share of the variance that a step replaces with noise. */
  readonly betas: Float64Array;
  /** `ᾱ`: the share of the variance that is the example's after each step. */
  readonly alphasCumprod: Float64Array;
  /** `β̃`: the variance of `q(x_{t−1} | x_t, x_0)`; 0 at the first step. */
  readonly posteriorVariance: Float64Array;
  /** Its logarithm, of 1e-20 where it is 0. */
  readonly posteriorLogVarianceClipped: Float64Array;
  /** The factor of `x_0` in the mean of `q(x_{t−1} | x_t, x_0)`. */
  readonly posteriorMeanX0: Float64Array;
  /** The factor of `x_t` in it. */
  readonly posteriorMeanXt: Float64Array;
  /** The ratio of signal to noise, `ᾱ / (1 − ᾱ)`. */
  readonly snr: Float64Array;
  /** The time step that a model is given at each step: those of the original where this is a part of one, see {@link respace}. */
  readonly times: readonly number[];

  constructor(betas: ArrayLike<number>, times?: readonly number[]) {
    checkArguments("NoiseSchedule", { numbers: { betas }, "numbers?": { times } });
    const steps = betas.length;
    checkSizes("NoiseSchedule", { steps });
    const all = Float64Array.from(betas);
    for (const [t, beta] of all.entries())
      if (!(beta > 0 && (beta < 1 || (beta === 1 && t === steps - 1 && steps > 1))))
        throw new OptionError(
          "NoiseSchedule",
          `betas[${t}]`,
          beta,
          "a number above 0 and below 1 (or 1 at the end)",
        );
    if (times !== undefined && times.length !== steps)
      throw new OptionError(
        "NoiseSchedule",
        "times",
        `${times.length} numbers`,
        `one for each of ${steps} steps`,
      );
    let kept = 1;
    const alphasCumprod = all.map((beta) => (kept *= 1 - beta));
    const before = alphasCumprod.map((_, t) => (t === 0 ? 1 : (alphasCumprod[t - 1] ?? NaN)));
    const each = (rule: (beta: number, after: number, before: number) => number): Float64Array =>
      all.map((beta, t) => rule(beta, alphasCumprod[t] ?? NaN, before[t] ?? NaN));
    this.steps = steps;
    this.betas = all;
    this.alphasCumprod = alphasCumprod;
    this.posteriorVariance = each((beta, to, from) => (beta * (1 - from)) / (1 - to));
    this.posteriorLogVarianceClipped = this.posteriorVariance.map((v) => Math.log(Math.max(v, 1e-20)));
    this.posteriorMeanX0 = each((beta, to, from) => (beta * Math.sqrt(from)) / (1 - to));
    this.posteriorMeanXt = each((beta, to, from) => ((1 - from) * Math.sqrt(1 - beta)) / (1 - to));
    this.snr = alphasCumprod.map((share) => share / (1 - share));
    this.times = times ?? Array.from(all.keys());
  }

  /** The level after step `t`, from 0; −1 is the clean example. */
  level(t: number): NoiseLevel {
    if (t === -1) return { alpha: 1, sigma: 0, time: -1 };
    const share = this.alphasCumprod[t];
    if (share === undefined)
      throw new OptionError("NoiseSchedule.level", "t", t, `an integer from -1 to ${this.steps - 1}`);
    return { alpha: Math.sqrt(share), sigma: Math.sqrt(1 - share), time: this.times[t] ?? NaN };
  }

  /**
   * The process through some of the steps only: `β` is computed anew from the `ᾱ` of those that are kept.
   *
   * @param steps the kept steps, rising
   */
  respace(steps: readonly number[]): NoiseSchedule {
    let before = 1;
    const betas = steps.map((t, i) => {
      if (!(Number.isInteger(t) && t >= 0 && t < this.steps && (i === 0 || t > (steps[i - 1] ?? NaN))))
        throw new OptionError(
          "NoiseSchedule.respace",
          `steps[${i}]`,
          t,
          `rising integers from 0 to ${this.steps - 1}`,
        );
      const after = this.alphasCumprod[t] ?? NaN;
      const beta = 1 - after / before;
      before = after;
      return beta;
    });
    return new NoiseSchedule(
      betas,
      steps.map((t) => this.times[t] ?? NaN),
    );
  }

  /**
   * The logarithm of the variance of a step that a model has learned: `f log β + (1 − f) log β̃` with `f = (v + 1) / 2`. At the first step
   * `β̃` is that of the second, since its own is 0. Nichol and Dhariwal, 2021, eq. 15. https://arxiv.org/abs/2102.09672
   *
   * @param v the model's output, −1 to 1
   */
  learnedLogVariance(t: number, v: number): number {
    const [low, high] = this.logVarianceRange(t);
    const share = (v + 1) / 2;
    return share * high + (1 - share) * low;
  }

  /** `log β̃` and `log β` of a step, between which {@link learnedLogVariance} lies. */
  logVarianceRange(t: number): readonly [low: number, high: number] {
    const low = this.posteriorLogVarianceClipped[this.steps > 1 ? Math.max(t, 1) : t] ?? NaN;
    return [low, Math.log(this.betas[t] ?? NaN)];
  }
}
