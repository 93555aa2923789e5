import { constant } from "./constant.ts";
import type { Initializer } from "./initializer.ts";

/** Fills with ones, as `torch.nn.init.ones_`. */
export function ones(): Initializer {
  return constant(1);
}
