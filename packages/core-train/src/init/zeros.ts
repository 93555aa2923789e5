import { constant } from "./constant.ts";
import type { Initializer } from "./initializer.ts";

/** Fills with zeros, as `torch.nn.init.zeros_`. */
export function zeros(): Initializer {
  return constant(0);
}
