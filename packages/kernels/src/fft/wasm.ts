import { FFT, IFFT, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { complexOf } from "../complex/pairs.ts";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideWasmKernel } from "../wasm/override-wasm-kernel.ts";

/** The Fourier transform along the last axis, and its inverse, of any length. */
export const fft: readonly WasmKernel[] = [FFT, IFFT].map((name) =>
  overrideWasmKernel<{ input: TensorInfo }>(name, (heap, { input }) => {
    const pairs = heap.make([...input.shape, 2]);
    const size = util.sizeFromShape(input.shape);
    const n = input.shape.at(-1) ?? 1;
    if (size === 0) return complexOf(pairs);
    const factors = factorsOf(n);
    const plan = {
      work: n * 8,
      roots: rootsOf(n, name === FFT ? -1 : 1),
      factors: Int32Array.from(factors),
    };
    heap.borrow(plan, (room) =>
      heap.functions.fft({
        from: heap.addressOf(input),
        to: heap.addressOf(pairs),
        ...room,
        passes: factors.length,
        rows: size / n,
        n,
        scale: name === FFT ? 1 : 1 / n,
      }),
    );
    return complexOf(pairs);
  }),
);

function factorsOf(n: number): number[] {
  const factors: number[] = [];
  let left = n;
  for (let factor = 2; left > 1; factor = factor * factor > left ? left : factor + 1) {
    for (; left % factor === 0; left /= factor) factors.push(factor);
  }
  return factors;
}

/** `e^{±2πik/n}`, as the bits of 32-bit numbers. */
function rootsOf(n: number, sign: 1 | -1): Int32Array {
  const roots = new Float32Array(2 * n);
  for (let k = 0; k < n; k++) {
    const angle = (sign * 2 * Math.PI * k) / n;
    roots[2 * k] = Math.cos(angle);
    roots[2 * k + 1] = Math.sin(angle);
  }
  return new Int32Array(roots.buffer);
}
