import type { Initializer } from "./initializer.ts";
import { checkFinite } from "../check-values.ts";

/** Uniform numbers in [`low`, `high`), as `torch.nn.init.uniform_`. Default: 0 to 1. */
export function uniform(low = 0, high = 1): Initializer {
  checkFinite("uniform", { low, high });
  return (shape, rng) => rng.uniform(shape, low, high);
}
