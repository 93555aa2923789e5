import { engine, Prod, reshape, type Tensor, util } from "@tensorflow/tfjs-core";
import { type ComposedKernel, defineComposedKernel } from "../composed/define-composed-kernel.ts";

interface Attributes {
  readonly axis: number | number[];
  readonly keepDims: boolean;
}

/** tfjs' own forgets to keep the axes of a small tensor, which it multiplies on the processor. */
export const prod: readonly ComposedKernel[] = [
  defineComposedKernel<{ x: Tensor }, Attributes>(Prod, ({ x }, { axis, keepDims }) => {
    if (!keepDims) return null;
    const axes = util.parseAxisParam(axis, x.shape);
    const product = engine().runKernel(Prod, { x }, { axis: axes, keepDims: false }) as Tensor;
    const kept = x.shape.map((length, at) => (axes.includes(at) ? 1 : length));
    return reshape(product, kept);
  }),
];
