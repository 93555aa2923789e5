import { div, FloorDiv, mod, round, sub, type Tensor } from "@tensorflow/tfjs-core";
import { type ComposedKernel, defineComposedKernel } from "../composed/define-composed-kernel.ts";

/** Quotients of floats, rounded down. tfjs' own are integers. */
export const floorDivision: readonly ComposedKernel[] = [
  defineComposedKernel<{ a: Tensor; b: Tensor }>(FloorDiv, ({ a, b }) =>
    a.dtype === "float32" && b.dtype === "float32" ? round(div(sub(a, mod(a, b)), b)) : null,
  ),
];
