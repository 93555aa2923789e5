import { BatchMatMul, broadcastTo, broadcast_util, engine, type Tensor, zeros } from "@tensorflow/tfjs-core";
import { type ComposedKernel, defineComposedKernel } from "../composed/define-composed-kernel.ts";

interface Attributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/**
 * tfjs' own on CPU and WebGPU go around in the smaller batch while they go through the larger one, which is right only where
 * it is broadcast along the first axes; and on WebGPU they have no buffer for a product of nothing.
 */
export const broadcastMatMul: readonly ComposedKernel[] = [
  defineComposedKernel<{ a: Tensor; b: Tensor }, Attributes>(BatchMatMul, ({ a, b }, attributes) => {
    const [own, other] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
    const batch = broadcast_util.assertAndGetBroadcastShape(own, other);
    if (a.size === 0 || b.size === 0) {
      const rows = a.shape.at(attributes.transposeA ? -1 : -2) ?? 0;
      const columns = b.shape.at(attributes.transposeB ? -2 : -1) ?? 0;
      return zeros([...batch, rows, columns]);
    }
    if ([own, other].every((shape) => isEnd(shape, batch))) return null;
    const stretched = (x: Tensor) => broadcastTo<Tensor["rankType"]>(x, [...batch, ...x.shape.slice(-2)]);
    return engine().runKernel(BatchMatMul, { a: stretched(a), b: stretched(b) }, { ...attributes }) as Tensor;
  }),
];

/** Whether a shape, without the ones it begins with, is how another ends. */
function isEnd(shape: readonly number[], whole: readonly number[]): boolean {
  const first = shape.findIndex((size) => size !== 1);
  const rest = first === -1 ? [] : shape.slice(first);
  return rest.every((size, i) => size === whole[whole.length - rest.length + i]);
}
