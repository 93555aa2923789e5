import { checkFinite, checkOptions, checkRng, checkSizes, OptionError, type Rng } from "@pellucid/core-train";
import {
  add,
  cast,
  less,
  mul,
  stack,
  type Tensor,
  tensor,
  tidy,
  unstack,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { checkNumbers } from "./check-numbers.ts";

/** Options for {@link rate}. */
export interface RateOptions {
  /** Random generator of the spikes. */
  readonly rng: Rng;
  /** What the data is multiplied by. Default: 1. */
  readonly gain?: number;
  /** What is added then. Default: 0. */
  readonly offset?: number;
  /** The first time step with spikes. Default: 0. */
  readonly firstSpikeTime?: number;
}

/**
 * Codes numbers as rates: at each time step, a spike with the probability `gain · data + offset`, within 0 and 1.
 *
 * The spikes are those of snntorch's `spikegen.rate`, drawn as `torch.bernoulli` does, time step by time step.
 *
 * @param data `[batch, …]`
 * @param numSteps the number of time steps
 * @returns `[batch, time, …]`
 * @throws {DataError} for NaN
 */
export function rate(data: Tensor, numSteps: number, options: RateOptions): Tensor {
  checkRng("rate", options);
  checkOptions("rate", options, ["rng", "gain", "offset", "firstSpikeTime"]);
  const { rng, gain = 1, offset = 0, firstSpikeTime = 0 } = options;
  checkSizes("rate", { numSteps });
  checkFinite("rate", { gain, offset });
  checkSizes("rate", { firstSpikeTime }, 0);
  checkNumbers("rate", data);
  if (firstSpikeTime >= numSteps)
    throw new OptionError(
      "rate",
      "firstSpikeTime",
      firstSpikeTime,
      `below the number of time steps, ${numSteps}`,
    );
  return tidy(() => {
    const probabilities = add(mul(data, gain), offset);
    const steps = Array.from({ length: numSteps }, (_, t) => {
      const drawn = less(tensor(rng.rand(data.shape).data, data.shape), probabilities);
      return t < firstSpikeTime ? zerosLike(probabilities) : cast(drawn, "float32");
    });
    return stack(steps, 1);
  });
}

/** {@link rate} of data that already has time steps: `[batch, time, …]` of probabilities. */
export function rateOverTime(data: Tensor, options: { readonly rng: Rng }): Tensor {
  checkRng("rateOverTime", options);
  checkOptions("rateOverTime", options, ["rng"]);
  checkNumbers("rateOverTime", data);
  return tidy(() =>
    stack(
      unstack(data, 1).map((x) => cast(less(tensor(options.rng.rand(x.shape).data, x.shape), x), "float32")),
      1,
    ),
  );
}
