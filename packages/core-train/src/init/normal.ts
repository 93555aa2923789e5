import type { Initializer } from "./initializer.ts";

/** Normal numbers, as `torch.nn.init.normal_`. Default: mean 0, standard deviation 1. */
export function normal(mean = 0, std = 1): Initializer {
  return (shape, rng) => rng.normal(shape, mean, std);
}
