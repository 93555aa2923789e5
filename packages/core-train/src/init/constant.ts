import { sizeOf } from "../host-tensor.ts";
import type { Initializer } from "./initializer.ts";

/** Fills with one value, as `torch.nn.init.constant_`. */
export function constant(value: number): Initializer {
  return (shape) => ({ data: new Float32Array(sizeOf(shape)).fill(value), shape: [...shape] });
}
