import type { Tensor } from "@tensorflow/tfjs-core";
import { DomainError } from "./domain-error.ts";
import { hostValues } from "../host-values.ts";

/**
 * Throws a {@link DomainError} at the first value of `x` that does not fit. Values are checked where reading them is cheap.
 *
 * @param expected what would do: `0 to 1`
 */
export function checkValues(
  who: string,
  name: string,
  x: Tensor,
  fits: (value: number) => boolean,
  expected: string,
): void {
  const values = hostValues(x) ?? [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!fits(value)) throw new DomainError(`${who}: ${name}[${i}] is ${value}, expected ${expected}.`);
  }
}

/** Throws a {@link DomainError} unless all of `x` are probabilities. */
export function checkProbabilities(who: string, name: string, x: Tensor, advice: string): void {
  checkValues(who, name, x, (value) => value >= 0 && value <= 1, `0 to 1. ${advice}`);
}

/** Throws a {@link DomainError} unless all of `x` are 1 or -1. */
export function checkSigns(who: string, x: Tensor): void {
  checkValues(who, "target", x, (value) => value === 1 || value === -1, "1 or -1");
}
