import {
  equal,
  greaterEqual,
  log,
  logicalAnd,
  mul,
  Pow,
  pow,
  registerGradient,
  sub,
  type Tensor,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { sumTo } from "../op/sum-to.ts";

/**
 * Gives `pow` PyTorch's gradient: that of `x⁰` is 0 also at 0, where tfjs' own is NaN, and that of `xᵉ` at `e` is NaN for a
 * negative `x`, where tfjs' own is 0. It is written without the output, so it can be differentiated again.
 */
export function registerPowGradient(): void {
  registerGradient({
    kernelName: Pow,
    inputsToSave: ["a", "b"],
    gradFunc: (dy, saved) => {
      const [base, exponent] = saved as [Tensor, Tensor];
      const power = () => pow(base, sub(exponent, 1));
      const atZero = () => logicalAnd(equal(base, 0), greaterEqual(exponent, 0));
      return {
        a: () => {
          const gradient = where(equal(exponent, 0), 0, mul(exponent, power()));
          return sumTo(mul(dy as Tensor, gradient), base.shape);
        },
        b: () => {
          const gradient = mul(pow(base, exponent), log(base));
          return sumTo(mul(dy as Tensor, where(atZero(), zerosLike(gradient), gradient)), exponent.shape);
        },
      };
    },
  });
}
