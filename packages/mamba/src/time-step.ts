import { checkNotNegative, checkPositive, type Initializer, OptionError } from "@pellucid/core-train";

/** The distribution of the initial step sizes Δ. */
export interface TimeStepOptions {
  /** The lower bound. Default: 0.001. */
  readonly dtMin?: number;
  /** The upper bound. Default: 0.1. */
  readonly dtMax?: number;
  /** Smaller step sizes are raised to this. Default: 1e-4. */
  readonly dtInitFloor?: number;
}

/**
 * Biases whose softplus is a log-uniform step size: `dt + log(1 − exp(−dt))` for `dt = exp(U(log dtMin, log dtMax))`.
 */
export function timeStepBias(options: TimeStepOptions): Initializer {
  const { dtMin = 0.001, dtMax = 0.1, dtInitFloor = 1e-4 } = options;
  const bias = (u: number) => {
    const dt = Math.max(Math.exp(u * (Math.log(dtMax) - Math.log(dtMin)) + Math.log(dtMin)), dtInitFloor);
    return dt + Math.log(-Math.expm1(-dt));
  };
  return (shape, rng) => ({ data: rng.rand(shape).data.map(bias), shape });
}

/** @throws {OptionError} Unless the bounds are positive and increasing. */
export function checkTimeStep(caller: string, options: TimeStepOptions): void {
  const { dtMin = 0.001, dtMax = 0.1, dtInitFloor = 1e-4 } = options;
  checkPositive(caller, { dtMin, dtMax });
  checkNotNegative(caller, { dtInitFloor });
  if (dtMin > dtMax) throw new OptionError(caller, "dtMin", dtMin, `a number up to dtMax, ${dtMax}`);
}
