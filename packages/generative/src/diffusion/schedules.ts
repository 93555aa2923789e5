import {
  checkPositive,
  checkSizes,
  checkNotNegative,
  checkFinite,
  checkOptions,
  OptionError,
} from "@pellucid/core-train";
import { NoiseSchedule } from "./noise-schedule.ts";

/** Options for {@link linearSchedule}. */
export interface LinearScheduleOptions {
  /** The first `β` of 1000 steps. Default: 1e-4. */
  readonly start?: number;
  /** The last `β` of 1000 steps. Default: 0.02. */
  readonly end?: number;
}

/**
 * `β` rises from `start` to `end`, both times `1000 / steps`, so that fewer steps destroy as much.
 *
 * Ho et al., 2020. https://arxiv.org/abs/2006.11239
 *
 * @throws {OptionError} For so few steps that `β` would reach 1: 20 and fewer by default.
 */
export function linearSchedule(steps: number, options: LinearScheduleOptions = {}): NoiseSchedule {
  checkSizes("linearSchedule", { steps });
  checkOptions("linearSchedule", options, ["start", "end"]);
  const { start = 1e-4, end = 0.02 } = options;
  checkPositive("linearSchedule", { start, end });
  const betas = spaced(start, end, steps).map((beta) => (beta * 1000) / steps);
  const highest = Math.max(...betas);
  if (highest >= 1)
    throw new OptionError(
      "linearSchedule",
      "steps",
      steps,
      `more than ${Math.floor(1000 * Math.max(start, end) + 1e-9)}: β would reach ${highest}`,
    );
  return new NoiseSchedule(betas);
}

/** Options for {@link cosineSchedule}. */
export interface CosineScheduleOptions {
  /** Keeps `β` above 0 at the start. Default: 0.008. */
  readonly offset?: number;
  /** The highest `β`. Default: 0.999. */
  readonly maxBeta?: number;
}

/**
 * `ᾱ = cos²((t / T + s) / (1 + s) · π / 2)`, divided by its value at 0: the shape of an image is lost later than by {@link linearSchedule}.
 *
 * Nichol and Dhariwal, 2021, eq. 17. https://arxiv.org/abs/2102.09672
 */
export function cosineSchedule(steps: number, options: CosineScheduleOptions = {}): NoiseSchedule {
  checkSizes("cosineSchedule", { steps });
  checkOptions("cosineSchedule", options, ["offset", "maxBeta"]);
  const { offset = 0.008, maxBeta = 0.999 } = options;
  checkNotNegative("cosineSchedule", { offset });
  checkMaxBeta("cosineSchedule", maxBeta);
  const kept = (t: number): number => Math.cos(((t / steps + offset) / (1 + offset)) * (Math.PI / 2)) ** 2;
  return fromKept(steps, kept, maxBeta);
}

/** Options for {@link sigmoidSchedule}. */
export interface SigmoidScheduleOptions {
  /** Where the sigmoid starts. Default: −3. */
  readonly start?: number;
  /** Where it ends. Default: 3. */
  readonly end?: number;
  /** What both are divided by: above 1 for images larger than 64 pixels. Default: 1. */
  readonly tau?: number;
  /** The highest `β`. Default: 0.999. */
  readonly maxBeta?: number;
}

/** `ᾱ` falls as a sigmoid. Jabri et al., 2022. https://arxiv.org/abs/2212.11972 */
export function sigmoidSchedule(steps: number, options: SigmoidScheduleOptions = {}): NoiseSchedule {
  checkSizes("sigmoidSchedule", { steps });
  checkOptions("sigmoidSchedule", options, ["start", "end", "tau", "maxBeta"]);
  const { start = -3, end = 3, tau = 1, maxBeta = 0.999 } = options;
  checkFinite("sigmoidSchedule", { start, end });
  if (start >= end) throw new OptionError("sigmoidSchedule", "end", end, `a number above start (${start})`);
  checkPositive("sigmoidSchedule", { tau });
  checkMaxBeta("sigmoidSchedule", maxBeta);
  const at = (t: number): number => 1 / (1 + Math.exp(-((t / steps) * (end - start) + start) / tau));
  return fromKept(steps, (t) => (at(steps) - at(t)) / (at(steps) - at(0)), maxBeta);
}

/** @param kept `ᾱ` after `t` steps, up to a factor */
function fromKept(steps: number, kept: (t: number) => number, maxBeta: number): NoiseSchedule {
  const first = kept(0);
  const left = Array.from({ length: steps + 1 }, (_, t) => kept(t) / first);
  const beta = (t: number): number => 1 - (left[t + 1] ?? NaN) / (left[t] ?? NaN);
  return new NoiseSchedule(Array.from({ length: steps }, (_, t) => Math.min(Math.max(beta(t), 0), maxBeta)));
}

function checkMaxBeta(caller: string, maxBeta: number): void {
  if (!(maxBeta > 0 && maxBeta < 1))
    throw new OptionError(caller, "maxBeta", maxBeta, "a number between 0 and 1");
}

/** `count` numbers from `first` to `last`. */
function spaced(first: number, last: number, count: number): number[] {
  const step = count === 1 ? 0 : (last - first) / (count - 1);
  return Array.from({ length: count }, (_, i) => (i === count - 1 && i > 0 ? last : first + i * step));
}
