import { constant } from "./constant.ts";
import type { FixedInitializer } from "./initializer.ts";

/** Fills with zeros, as `torch.nn.init.zeros_`. */
export function zeros(): FixedInitializer {
  return constant(0);
}
