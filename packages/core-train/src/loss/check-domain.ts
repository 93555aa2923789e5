import type { Tensor } from "@tensorflow/tfjs-core";
import { checkOnHost } from "../compile/check-on-host.ts";
import { DomainError } from "./domain-error.ts";

/**
 * Throws a {@link DomainError} at the first value of `x` that does not fit. Values are checked where reading them is cheap.
 *
 * @param expected what would do: `0 to 1`
 */
export function checkDomain(
  caller: string,
  name: string,
  x: Tensor,
  fits: (value: number) => boolean,
  expected: string,
): void {
  checkOnHost(x, (values) => {
    for (let i = 0; i < values.length; i++) {
      const value = values[i] ?? NaN;
      if (!fits(value)) throw new DomainError(`${caller}: ${name}[${i}] is ${value}, expected ${expected}.`);
    }
  });
}

/** Throws a {@link DomainError} unless all of `x` are probabilities. */
export function checkProbabilityValues(caller: string, name: string, x: Tensor, advice: string): void {
  checkDomain(caller, name, x, (value) => value >= 0 && value <= 1, `0 to 1. ${advice}`);
}

/** Throws a {@link DomainError} unless all of `x` are 1 or -1. */
export function checkSignValues(caller: string, x: Tensor): void {
  checkDomain(caller, "target", x, (value) => value === 1 || value === -1, "1 or -1");
}
