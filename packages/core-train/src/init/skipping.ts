import { sizeOf } from "../host-tensor.ts";
import type { Rng } from "../rng/rng.ts";
import type { Initializer } from "./initializer.ts";

/** Zeros, and a generator that was advanced. */
export function skipping(skip: (shape: readonly number[], rng: Rng) => void): Initializer {
  const zeros: Initializer = (shape, rng) => {
    skip(shape, rng);
    return { data: new Float32Array(sizeOf(shape)), shape: [...shape] };
  };
  return Object.assign(zeros, { skip });
}
