import { broadcast_util, FloorDiv, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { type CpuKernel, defineCpuKernel } from "../cpu/define-cpu-kernel.ts";

type Inputs = Readonly<Record<"a" | "b", TensorInfo>>;

/** Quotients, rounded down. tfjs' own call those of floats integers. */
export const floorDivision: readonly CpuKernel[] = [
  defineCpuKernel<Inputs, object>(FloorDiv, (numbersOf, { a, b }) => {
    const shape = broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
    const size = util.sizeFromShape(shape);
    const numbers = a.dtype === "float32" ? new Float32Array(size) : new Int32Array(size);
    const strides = util.computeStrides(shape);
    const read = (tensor: TensorInfo, index: readonly number[]) => {
      const own = index.slice(shape.length - tensor.shape.length);
      const at = own.map((n, axis) => (tensor.shape[axis] === 1 ? 0 : n));
      return numbersOf(tensor)[
        util.locToIndex(at, at.length, util.computeStrides(tensor.shape))
      ] as number;
    };
    for (let i = 0; i < size; i++) {
      const index = util.indexToLoc(i, shape.length, strides);
      numbers[i] = floorQuotient(read(a, index), read(b, index));
    }
    return { numbers, shape };
  }),
];

/** As in PyTorch, an infinite number has no quotient, and one of the other sign divided by infinity is −1. */
function floorQuotient(x: number, y: number): number {
  if (y === 0) return x / y;
  if (Math.abs(x) === Infinity) return NaN;
  if (Math.abs(y) === Infinity) return x !== 0 && x < 0 !== y < 0 ? -1 : x / y;
  return Math.floor(x / y);
}
