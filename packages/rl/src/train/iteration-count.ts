import { OptionError } from "@pellucid/core-train";

/**
 * How many rollouts of `size` steps there are in `totalTimesteps`.
 *
 * @throws OptionError where there is none
 */
export function iterationCount(caller: string, totalTimesteps: number, size: number): number {
  if (totalTimesteps >= size) return Math.floor(totalTimesteps / size);
  const expected = `at least numSteps · environments = ${size}`;
  throw new OptionError(caller, "totalTimesteps", totalTimesteps, expected);
}
