import { add, div, equal, log, mul, sub, type Tensor, where } from "@tensorflow/tfjs-core";
import { defineElementwise } from "./define-elementwise.ts";

const op = defineElementwise({
  name: "PellucidLog1p",
  // log(u) · x / (u − 1) for u = fl(1 + x) undoes the rounding in u: Goldberg, 1991, theorem 4.
  value: (x) => {
    const u = add(x, 1);
    const rounded = sub(u, 1);
    const plain = log(u);
    const corrected = where(equal(rounded, 0), x, mul(plain, div(x, rounded)));
    return where(equal(rounded, x), plain, corrected);
  },
  slope: (x) => div(1, add(x, 1)),
});

/** `log(1 + x)`, precise also for a tiny `x`; tfjs' own rounds `1 + x` first on WASM and WebGPU. */
export function log1p<T extends Tensor>(x: T): T {
  return op(x, {});
}
