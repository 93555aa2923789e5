import { maximum } from "@pellucid/core-train";
import { mul, slice, squeeze, sum, type Tensor1D, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";

export const column = (x: Tensor2D, i: number) => squeeze(slice(x, [0, i], [-1, 1]), [1]) as Tensor1D;
export const linearScore = (w: number[]) => (x: Tensor2D) => sum(mul(x, tensor2d([w])), 1) as Tensor1D;
export const product = (x: Tensor2D) => mul<Tensor1D>(column(x, 0), column(x, 1));
export const largest = (x: Tensor2D) => maximum(column(x, 0), column(x, 1)) as Tensor1D;
