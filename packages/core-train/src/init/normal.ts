import type { Initializer } from "./initializer.ts";
import { checkFinite, checkNotNegative } from "../check-values.ts";

/** Normal numbers, as `torch.nn.init.normal_`. Default: mean 0, standard deviation 1. */
export function normal(mean = 0, std = 1): Initializer {
  checkFinite("normal", { mean });
  checkNotNegative("normal", { std });
  return (shape, rng) => rng.normal(shape, mean, std);
}
