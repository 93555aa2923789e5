import type { Initializer } from "./initializer.ts";

/** Uniform numbers in [`low`, `high`), as `torch.nn.init.uniform_`. Default: 0 to 1. */
export function uniform(low = 0, high = 1): Initializer {
  return (shape, rng) => rng.uniform(shape, low, high);
}
