import { cast, expandDims, greaterEqual, range, type Tensor2D } from "@tensorflow/tfjs-core";

/** 1 at `[i, j]` where `j ≤ i`, otherwise 0: `[time, time]`. */
export function lowerTriangle(time: number): Tensor2D {
  const index = range(0, time, 1, "float32");
  return cast(greaterEqual(expandDims(index, 1), expandDims(index, 0)), "float32");
}
