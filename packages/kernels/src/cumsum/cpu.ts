import { Cumprod, Cumsum, type TensorInfo } from "@tensorflow/tfjs-core";
import { type CpuKernel, defineCpuKernel } from "../cpu/define-cpu-kernel.ts";
import { type Along, along } from "./along.ts";

/**
 * Running sums and products: in 64 bits, as PyTorch has them, and of integers modulo 2³². tfjs' own round after each number, and
 * give other shapes for an axis that is counted from the end.
 */
export const cumulative: readonly CpuKernel[] = [Cumsum, Cumprod].map((name) =>
  defineCpuKernel<{ x: TensorInfo }, Along>(name, (numbersOf, { x }, { axis, exclusive, reverse }) => {
    const { outer, length, inner } = along(x, axis);
    const from = numbersOf(x);
    const isInt = x.dtype !== "float32";
    const numbers = isInt ? new Int32Array(from.length) : new Float32Array(from.length);
    const next = combine(name === Cumprod, isInt);
    for (let column = 0; column < outer * inner; column++) {
      const first = Math.floor(column / inner) * length * inner + (column % inner);
      let whole = name === Cumprod ? 1 : 0;
      for (let i = 0; i < length; i++) {
        const at = first + (reverse ? length - 1 - i : i) * inner;
        const before = whole;
        whole = next(whole, from[at] as number);
        numbers[at] = exclusive ? before : whole;
      }
    }
    return { numbers, shape: x.shape };
  }),
);

function combine(isProduct: boolean, isInt: boolean): (whole: number, number: number) => number {
  if (isProduct) return isInt ? Math.imul : (whole, number) => whole * number;
  return isInt ? (whole, number) => (whole + number) | 0 : (whole, number) => whole + number;
}
