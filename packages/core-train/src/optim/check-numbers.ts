import { checkOption } from "../check-option.ts";

/** Throws an {@link OptionError} unless every option is a number ≥ 0. */
export function checkNotNegative(caller: string, options: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(options))
    checkOption(caller, name, shown(value), isNotNegative(value), "a number ≥ 0");
}

/** Throws an {@link OptionError} unless every option is a number ≥ 0 or a schedule, which is not called yet. */
export function checkScheduled(caller: string, options: Readonly<Record<string, unknown>>): void {
  const numbers = Object.entries(options).filter(([, value]) => typeof value !== "function");
  checkNotNegative(caller, Object.fromEntries(numbers));
}

/** Throws an {@link OptionError} unless there are two decay rates, `0 ≤ beta < 1`; the first may be a schedule. */
export function checkBetas(caller: string, betas: readonly unknown[]): void {
  const isPair = Array.isArray(betas) && betas.length === 2;
  checkOption(caller, "betas", JSON.stringify(betas), isPair, "two numbers in [0, 1)");
  for (const [i, beta] of betas.entries()) {
    if (i === 0 && typeof beta === "function") continue;
    checkOption(caller, `betas[${i}]`, shown(beta), isNotNegative(beta) && beta < 1, "a number in [0, 1)");
  }
}

function isNotNegative(value: unknown): value is number {
  return typeof value === "number" && value >= 0;
}

/** A text in quotes: `"0.1"` is not the number 0.1. */
function shown(value: unknown): unknown {
  return typeof value === "string" ? JSON.stringify(value) : value;
}
