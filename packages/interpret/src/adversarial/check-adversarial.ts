import { amax, amin, DomainError, OptionError } from "@pellucid/core-train";
import { reshape, stack, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { checkFiniteTensor } from "../run/check-finite.ts";
import type { AdversarialOptions } from "./adversarial-options.ts";

/** Refuses an attack that no step can make. */
export function checkAdversarial(caller: string, { epsilon, range }: AdversarialOptions): void {
  if (!(epsilon > 0 && Number.isFinite(epsilon)))
    throw new OptionError(caller, "epsilon", epsilon, "a finite number above 0");
  if (range === undefined) return;
  const [low, high] = range;
  if (!(low < high))
    throw new OptionError(caller, "range", `[${low}, ${high}]`, "[low, high] with low < high");
}

/**
 * Refuses inputs that are not finite or lie outside the range: going back into the range would change them by more than `ε`.
 *
 * @throws DomainError
 */
export async function checkWithin(
  caller: string,
  x: Tensor,
  range: AdversarialOptions["range"],
): Promise<void> {
  await checkFiniteTensor(caller, "x", x);
  if (range === undefined || x.size === 0) return;
  const ends = tidy(() => {
    const flat = reshape(x, [-1]);
    return stack([amin(flat, 0), amax(flat, 0)]);
  });
  const [smallest = 0, largest = 0] = await ends.data().finally(() => ends.dispose());
  const [low, high] = range;
  const rounding = 1e-6 * Math.max(1, Math.abs(low), Math.abs(high));
  if (smallest >= low - rounding && largest <= high + rounding) return;
  throw new DomainError(
    `${caller}: x lies between ${smallest} and ${largest}, expected numbers in the range from ${low} to ${high}. Give the inputs' own range, or scale them.`,
  );
}
