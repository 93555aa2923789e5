import { cast, expandDims, greaterEqual, range, type Tensor2D } from "@tensorflow/tfjs-core";

/** Which moments a moment knows of, itself and those before: 1 at `[i, j]` where `j ≤ i`, else 0; `[time, time]`. */
export function causalMask(time: number): Tensor2D {
  const moments = range(0, time, 1, "float32");
  return cast(greaterEqual(expandDims(moments, 1), expandDims(moments, 0)), "float32");
}
