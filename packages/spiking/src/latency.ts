import { amax, amin, checkOptions, checkPositive, checkSizes, OptionError } from "@pellucid/core-train";
import {
  add,
  cast,
  div,
  equal,
  lessEqual,
  greaterEqual,
  log,
  maximum,
  minimum,
  mul,
  round,
  stack,
  sub,
  type Tensor,
  tidy,
} from "@tensorflow/tfjs-core";
import { checkNumbers } from "./check-numbers.ts";

/** Options for {@link latency}. */
export interface LatencyOptions {
  /** Numbers below count as it: they spike last, or not at all. Between 0 and 1. Default: 0.01. */
  readonly threshold?: number;
  /** Keeps the logarithm finite at the threshold. Default: 1e-7. */
  readonly epsilon?: number;
  /** The time constant of the membrane. Default: 1. */
  readonly tau?: number;
  /** The first time step with spikes. Default: 0. */
  readonly firstSpikeTime?: number;
  /** Whether numbers below the threshold do not spike. Default: false. */
  readonly clip?: boolean;
  /** Whether times are scaled so that the last spikes come in the last time step. Default: false. */
  readonly normalize?: boolean;
  /** Whether the time falls linearly with the number. Default: false. */
  readonly linear?: boolean;
}

/**
 * Codes numbers as times: one spike each, the larger the earlier, when a membrane that is charged by it would reach the threshold:
 *
 *     t = τ log(x / (x − threshold)),   or linearly t = τ (1 − x)
 *
 * rounded. A time beyond the last time step gives no spike, and then the last time step has none at all: `normalize` prevents that. The numbers are those of snntorch's `spikegen.latency`.
 *
 * @param data `[batch, …]`
 * @param numSteps the number of time steps
 * @returns `[batch, time, …]`
 * @throws {DataError} for NaN
 */
export function latency(data: Tensor, numSteps: number, options: LatencyOptions = {}): Tensor {
  checkOptions("latency", options, [
    "threshold",
    "epsilon",
    "tau",
    "firstSpikeTime",
    "clip",
    "normalize",
    "linear",
  ]);
  const { threshold = 0.01, epsilon = 1e-7, tau = 1, firstSpikeTime = 0 } = options;
  checkSizes("latency", { numSteps });
  checkSizes("latency", { firstSpikeTime }, 0);
  checkPositive("latency", { threshold, epsilon, tau });
  checkNumbers("latency", data);
  if (threshold >= 1) throw new OptionError("latency", "threshold", threshold, "below 1");
  if (firstSpikeTime >= numSteps)
    throw new OptionError(
      "latency",
      "firstSpikeTime",
      firstSpikeTime,
      `below the number of time steps, ${numSteps}`,
    );
  return tidy(() => {
    const times = options.linear === true ? linearTimes() : chargingTimes();
    const steps = round(times);
    const last = numSteps - 1;
    const isWithin = cast(lessEqual(amax(steps), last), "float32");
    const kept = options.clip === true ? cast(greaterEqual(data, threshold), "float32") : null;
    const spikes = Array.from({ length: numSteps }, (_, t) => {
      const now = cast(equal(steps, t), "float32");
      const inTime = t === last ? mul(now, isWithin) : now;
      return kept === null ? inTime : mul(inTime, kept);
    });
    return stack(spikes, 1);
  });

  function chargingTimes(): Tensor {
    const charged = maximum(data, threshold + epsilon);
    const raw = mul(tau, log(div(charged, sub(charged, threshold))));
    const shifted = firstSpikeTime > 0 ? add(sub(raw, amin(raw)), firstSpikeTime) : raw;
    if (options.normalize !== true) return shifted;
    const since = sub(shifted, firstSpikeTime);
    return add(mul(since, div(numSteps - firstSpikeTime - 1, amax(since))), firstSpikeTime);
  }

  function linearTimes(): Tensor {
    const scale = options.normalize === true ? numSteps - 1 - firstSpikeTime : tau;
    const times = add(minimum(mul(-scale, sub(data, 1)), scale * (1 - threshold)), firstSpikeTime);
    if (options.normalize !== true) return times;
    const [low, high] = [amin(times), amax(times)];
    const isNegative = cast(lessEqual(low, -Number.MIN_VALUE), "float32");
    const rescaled = mul(div(sub(times, low), maximum(sub(high, low), 1e-12)), numSteps - 1);
    return add(mul(isNegative, rescaled), mul(sub(1, isNegative), times));
  }
}
