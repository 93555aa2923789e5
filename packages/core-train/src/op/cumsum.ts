import { cumsum as runningSum, reverse, type Tensor } from "@tensorflow/tfjs-core";
import { defineOp } from "./define-op.ts";
import { resolveAxis } from "./resolve-axis.ts";

const op = defineOp<{ x: Tensor }, { axis: number }, Tensor>({
  name: "PellucidCumsum",
  inputs: ["x"],
  reference: ({ x }, { axis }) => runningSum(x, axis),
  // Not tfjs' own `reverse` option: on WebGPU it takes the length of the first tensor it saw for that of all.
  gradient: (dy, _, { axis }) => ({ x: (): Tensor => reverse(op({ x: reverse(dy, axis) }, { axis }), axis) }),
});

/**
 * The running sum along an axis, as `torch.cumsum`. tfjs' own gradient is transposed along any axis but the last.
 *
 * @returns of the shape of `x`
 */
export function cumsum<T extends Tensor>(x: T, axis: number): T {
  return op({ x }, { axis: resolveAxis("cumsum", axis, x.rank) }) as T;
}
