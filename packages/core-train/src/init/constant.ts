import { sizeOf } from "../host-tensor.ts";
import type { FixedInitializer } from "./initializer.ts";
import { OptionError } from "../option-error.ts";

/** Fills with one value, as `torch.nn.init.constant_`. */
export function constant(value: number): FixedInitializer {
  if (typeof value !== "number") throw new OptionError("constant", "value", value, "a number");
  return (shape) => ({ data: new Float32Array(sizeOf(shape)).fill(value), shape: [...shape] });
}
