import { noGrad } from "@pellucid/core-train";
import { cast, maximum, minimum, sub, type Tensor, tensor } from "@tensorflow/tfjs-core";

/** Positions `[…, axis]` as indices within the axes' sizes. They count as constant. */
export function clampIndices(positions: Tensor, sizes: readonly number[]): Tensor {
  const most = sub(tensor([...sizes]), 1);
  return noGrad(() => cast(minimum(maximum(positions, 0), most), "int32"));
}
