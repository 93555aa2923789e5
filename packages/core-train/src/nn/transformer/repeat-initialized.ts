import { checkSizes } from "../../check-values.ts";
import type { Rng } from "../../rng/rng.ts";

/**
 * Makes `count` layers with the same initial weights, as PyTorch's stacks copy one layer. The generator advances as for one
 * layer.
 *
 * @throws {OptionError} If `count` is not an integer above 0.
 */
export function repeatInitialized<L>(caller: string, count: number, rng: Rng, make: () => L): readonly L[] {
  checkSizes(caller, { numLayers: count });
  const state = rng.state();
  return Array.from({ length: count }, () => {
    rng.restore(state);
    return make();
  });
}
