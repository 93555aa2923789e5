import { abs, add, exp, less, mul, sub, type Tensor, where } from "@tensorflow/tfjs-core";
import { defineElementwise } from "./define-elementwise.ts";

const op = defineElementwise({
  name: "PellucidExpm1",
  // Near 0 the series x (1 + x/2 (1 + x/3 (1 + …))), of which |x| < 0.4 needs eight terms.
  value: (x) => {
    const series = [8, 7, 6, 5, 4, 3, 2].reduce(
      (rest: Tensor | number, n) => add(mul(rest, mul(x, 1 / n)), 1),
      1,
    );
    return where(less(abs(x), 0.4), mul(x, series), sub(exp(x), 1));
  },
  derivative: (x) => exp(x),
});

/** `exp(x) − 1`, precise also for a tiny `x`; tfjs' own subtracts what has been rounded on WebGPU. */
export function expm1<T extends Tensor>(x: T): T {
  return op(x, {});
}
