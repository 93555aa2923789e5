import { checkFinite, checkOptions, checkPositive } from "@pellucid/core-train";

/** The normal distribution that weights have before any data. */
export interface Prior {
  /** Default: 0. */
  readonly mean?: number;
  /** Default: 0.1. */
  readonly std?: number;
}

/** The prior with its defaults. */
export function checkPrior(caller: string, prior: Prior = {}): Required<Prior> {
  checkOptions(caller, prior, ["mean", "std"]);
  const { mean = 0, std = 0.1 } = prior;
  checkFinite(caller, { mean });
  checkPositive(caller, { std });
  return { mean, std };
}
