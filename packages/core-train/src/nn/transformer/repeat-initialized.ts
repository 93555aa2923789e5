import { OptionError } from "../../option-error.ts";
import type { Rng } from "../../rng/rng.ts";

/**
 * Makes `count` layers with the same initial weights, as PyTorch's stacks copy one layer. The generator advances as if there were
 * one layer.
 *
 * @throws {OptionError} If `count` is not an integer above 0.
 */
export function repeatInitialized<L>(caller: string, count: number, rng: Rng, make: () => L): readonly L[] {
  if (!Number.isInteger(count) || count < 1)
    throw new OptionError(caller, "numLayers", count, "an integer above 0");
  const state = rng.state();
  return Array.from({ length: count }, () => {
    rng.restore(state);
    return make();
  });
}
