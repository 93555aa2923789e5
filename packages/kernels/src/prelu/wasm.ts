import {
  broadcast_util,
  broadcastTo,
  Prelu,
  prelu as tfjsPrelu,
  type Tensor,
  util,
  zeros,
} from "@tensorflow/tfjs-core";
import { type ComposedKernel, defineComposedKernel } from "../composed/define-composed-kernel.ts";

/** tfjs' own repeats `alpha` along the first axes of `x`, whatever its shape, and divides by their sizes. */
export const prelu: readonly ComposedKernel[] = [
  defineComposedKernel<{ x: Tensor; alpha: Tensor }>(Prelu, ({ x, alpha }) => {
    const shape = broadcast_util.assertAndGetBroadcastShape(x.shape, alpha.shape);
    const isEnd = util.arraysEqual(alpha.shape, shape.slice(shape.length - alpha.rank));
    if (util.sizeFromShape(shape) === 0) return zeros(shape);
    if (util.arraysEqual(x.shape, shape) && isEnd) return null;
    return tfjsPrelu(broadcastTo<Tensor["rankType"]>(x, shape), broadcastTo(alpha, shape));
  }),
];
