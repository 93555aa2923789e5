import { sizeOf } from "../host-tensor.ts";
import type { FixedInitializer } from "./initializer.ts";

/** Fills with one value, as `torch.nn.init.constant_`. */
export function constant(value: number): FixedInitializer {
  return (shape) => ({ data: new Float32Array(sizeOf(shape)).fill(value), shape: [...shape] });
}
