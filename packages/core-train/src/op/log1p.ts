import { abs, add, div, less, log, mul, square, type Tensor, where } from "@tensorflow/tfjs-core";
import { defineElementwise } from "./define-elementwise.ts";

const op = defineElementwise({
  name: "PellucidLog1p",
  // Near 0 the series 2 artanh(z) = 2 (z + z³/3 + z⁵/5 + …) for z = x / (2 + x), of which |z| < 0.18 needs five terms. The
  // usual correction by log(1 + x) / ((1 + x) − 1) will not do: a logarithm near 1 is rough on WebGPU.
  value: (x) => {
    const z = div(x, add(x, 2));
    const zz = square(z);
    const tail = [1 / 9, 1 / 7, 1 / 5, 1 / 3, 1].reduce((sum: Tensor | number, c) => add(mul(sum, zz), c), 0);
    return where(less(abs(x), 0.3), mul(mul(z, 2), tail), log(add(x, 1)));
  },
  derivative: (x) => div(1, add(x, 1)),
});

/** `log(1 + x)`, precise also for a tiny `x`; tfjs' own rounds `1 + x` first on WASM and WebGPU. */
export function log1p<T extends Tensor>(x: T): T {
  return op(x, {});
}
