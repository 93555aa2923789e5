import type { Tensor } from "@tensorflow/tfjs-core";

/** The values of a tensor that decide what a pool keeps, read at once on any backend. */
export function syncValues(x: Tensor): Float32Array | Int32Array {
  return x.dataSync() as Float32Array | Int32Array;
}
