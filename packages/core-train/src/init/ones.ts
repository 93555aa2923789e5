import { constant } from "./constant.ts";
import type { FixedInitializer } from "./initializer.ts";

/** Fills with ones, as `torch.nn.init.ones_`. */
export function ones(): FixedInitializer {
  return constant(1);
}
