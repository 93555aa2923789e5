import type { Initializer } from "@pellucid/core-train";

/** How long a moment lasts at first. */
export interface TimeStepOptions {
  /** The shortest. Default: 0.001. */
  readonly dtMin?: number;
  /** The longest. Default: 0.1. */
  readonly dtMax?: number;
  /** None is below this. Default: 1e-4. */
  readonly dtInitFloor?: number;
}

/**
 * Biases from which softplus makes durations that are spread evenly by their logarithm: `dt + log(1 − exp(−dt))` of
 * `exp(U(log dtMin, log dtMax))`.
 */
export function timeStepBias(options: TimeStepOptions): Initializer {
  const { dtMin = 0.001, dtMax = 0.1, dtInitFloor = 1e-4 } = options;
  const bias = (u: number) => {
    const dt = Math.max(Math.exp(u * (Math.log(dtMax) - Math.log(dtMin)) + Math.log(dtMin)), dtInitFloor);
    return dt + Math.log(-Math.expm1(-dt));
  };
  return (shape, rng) => ({ data: rng.rand(shape).data.map(bias), shape });
}
