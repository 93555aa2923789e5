import { Concat, concat as join, type Tensor } from "@tensorflow/tfjs-core";
import { type ComposedKernel, defineComposedKernel } from "../composed/define-composed-kernel.ts";

/** tfjs' own has no buffer for a tensor without numbers. */
export const concat: readonly ComposedKernel[] = [
  defineComposedKernel<Readonly<Record<string, Tensor>>, { readonly axis: number }>(
    Concat,
    (inputs, { axis }) => {
      const all = Object.values(inputs);
      const parts = all.filter(({ size }) => size > 0);
      if (parts.length === 0 || parts.length === all.length) return null;
      return join(parts, axis);
    },
  ),
];
