import { OptionError } from "@pellucid/core-train";

/** Refuses a number of steps or samples unless it is a finite integer of at least `least`: with Infinity a loop never ends. */
export function checkCount(caller: string, option: string, count: number, least = 1): void {
  if (Number.isSafeInteger(count) && count >= least) return;
  throw new OptionError(caller, option, count, `an integer of at least ${least}`);
}
