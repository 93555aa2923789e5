import { sizeOf } from "../host-tensor.ts";
import type { Initializer } from "./initializer.ts";

/** As {@link skipNormal}, where uniform numbers would have been drawn. */
export function skipUniform(): Initializer {
  return (shape, rng) => {
    rng.skipUniform(shape);
    return { data: new Float32Array(sizeOf(shape)), shape: [...shape] };
  };
}
