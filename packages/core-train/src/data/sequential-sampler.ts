import type { Sampler } from "./sampler.ts";

/** All items in their order. Nothing is drawn. */
export function sequentialSampler(length: number): Sampler {
  return { length, draw: () => Int32Array.from({ length }, (_, i) => i) };
}
