import { OptionError } from "../../option-error.ts";
import type { Rng } from "../../rng/rng.ts";

/** Several layers that start from the same weights, as PyTorch's stacks copy one layer; they draw as if there were one. */
export function alike<L>(who: string, count: number, rng: Rng, make: () => L): readonly L[] {
  if (!Number.isInteger(count) || count < 1)
    throw new OptionError(who, "numLayers", count, "a whole number above 0");
  const state = rng.state();
  return Array.from({ length: count }, () => {
    rng.restore(state);
    return make();
  });
}
