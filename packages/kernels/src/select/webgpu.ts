import { reshape, Select, type Tensor, where } from "@tensorflow/tfjs-core";
import { type ComposedKernel, defineComposedKernel } from "../composed/define-composed-kernel.ts";

/** tfjs' own ends at rank 4. */
export const select: readonly ComposedKernel[] = [
  defineComposedKernel<{ condition: Tensor; t: Tensor; e: Tensor }>(Select, ({ condition, t, e }) => {
    if (t.rank < 5) return null;
    const rows = condition.size;
    const shape = condition.rank === t.rank ? [rows] : [rows, t.size / rows];
    return reshape(where(reshape(condition, [rows]), reshape(t, shape), reshape(e, shape)), t.shape);
  }),
];
