import type { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import {
  FloorDiv,
  type KernelFunc,
  Mod,
  Multiply,
  Pow,
  SquaredDifference,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { eachPair } from "../cpu/each-pair.ts";
import type { CpuKernel } from "../cpu/define-cpu-kernel.ts";

type Pair = (x: number, y: number) => number;

/** Of two integers, where JavaScript's numbers of 53 bits are not enough. */
const ofIntegers: Readonly<Record<string, Pair>> = {
  [Multiply]: Math.imul,
  [SquaredDifference]: (x, y) => Math.imul(x - y, x - y),
};

/** Of two floats, where JavaScript and C differ, or tfjs and PyTorch. */
const ofFloats: Readonly<Record<string, Pair>> = { [FloorDiv]: quotient, [Mod]: rest, [Pow]: power };

/** Products of integers modulo 2³², quotients of floats that are floats, and remainders and powers where a number is infinite or NaN. */
export const pairwise: readonly CpuKernel[] = [
  ...Object.entries(ofIntegers).map(([name, f]) => kernel(name, "int32", f)),
  ...Object.entries(ofFloats).map(([name, f]) => kernel(name, "float32", f)),
];

function kernel(kernelName: string, dtype: "float32" | "int32", f: Pair): CpuKernel {
  return {
    kernelName,
    make: (builtIn): KernelFunc =>
      function pairs(call) {
        const { a, b } = call.inputs as Readonly<Record<"a" | "b", TensorInfo>>;
        const isOurs = a.dtype === dtype && b.dtype === dtype;
        if (!isOurs && builtIn !== undefined) return builtIn(call);
        const backend = call.backend as MathBackendCPU;
        const numbersOf = ({ dataId }: TensorInfo) =>
          backend.data.get(dataId).values as Float32Array | Int32Array;
        const { numbers, shape } = eachPair(numbersOf, a, b, f);
        return backend.makeTensorInfo([...shape], dtype, numbers);
      },
  };
}

/** Rounded down. As in PyTorch, an infinite number has no quotient, and one of the other sign divided by infinity is −1. */
function quotient(x: number, y: number): number {
  if (y === 0) return x / y;
  if (Math.abs(x) === Infinity) return NaN;
  if (Math.abs(y) === Infinity) return x !== 0 && x < 0 !== y < 0 ? -1 : x / y;
  return Math.floor(x / y);
}

/** What remains of a division, with the sign of the divisor. */
function rest(x: number, y: number): number {
  const own = x % y;
  return own !== 0 && own < 0 !== y < 0 ? own + y : own;
}

/** As in C, any power of 1 is 1, and so are those of −1 to the infinite. */
function power(x: number, y: number): number {
  return x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y;
}
