import { greater, mul, Prelu, type Tensor, where } from "@tensorflow/tfjs-core";
import { type ComposedKernel, defineComposedKernel } from "../composed/define-composed-kernel.ts";

/** tfjs' own repeats `alpha` along the first axes of `x`, whatever its shape, divides by their sizes, and corrupts the memory of other tensors. */
export const prelu: readonly ComposedKernel[] = [
  defineComposedKernel<{ x: Tensor; alpha: Tensor }>(Prelu, ({ x, alpha }) =>
    where(greater(x, 0), x, mul(x, alpha)),
  ),
];
