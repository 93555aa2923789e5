import { OptionError } from "../option-error.ts";

/** Throws an {@link OptionError} unless `factor` is 0 or more. */
export function checkFactor(caller: string, factor: number): void {
  if (typeof factor !== "number" || !(factor >= 0))
    throw new OptionError(caller, "factor", factor, "0 or more");
}
