import { checkArguments } from "@pellucid/core-train";
import type { KernelOptions } from "./constant.ts";
import { type Kernel, written } from "./kernel.ts";
import { stationary } from "./stationary.ts";

/**
 * The kernel `exp(−½ Σ (x − y)² / ℓ²)`, of functions that are smooth without end. scikit-learn's `RBF`.
 *
 * @param lengthScale one for all coordinates, or one for each (automatic relevance determination)
 */
export function rbf(lengthScale: number | readonly number[] = 1, options: KernelOptions = {}): Kernel {
  checkArguments("rbf", { record: { options }, numbers: { lengthScale: [lengthScale].flat() } });
  return stationary({
    caller: "rbf",
    lengthScale,
    options,
    remake: (given) => rbf(given, options),
    value: (squared) => Math.exp(-squared / 2),
    rate: (squared) => Math.exp(-squared / 2),
    text: `RBF(length_scale=${written(lengthScale)})`,
  });
}
