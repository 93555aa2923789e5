import { tidyLeaves, sizeAlong } from "@pellucid/core-train";
import { add, type Tensor, zeros } from "@tensorflow/tfjs-core";
import type { Transformed } from "./bijection.ts";

/** Goes through layers one after the other, and adds up their volume changes. */
export function through<L>(
  layers: readonly L[],
  x: Tensor,
  run: (layer: L, at: Tensor) => Transformed,
): Transformed {
  return tidyLeaves(() => {
    const start: Transformed = { output: x, logDet: zeros([sizeAlong(x, 0)]) };
    return layers.reduce((so, layer) => {
      const { output, logDet } = run(layer, so.output);
      return { output, logDet: add(so.logDet, logDet) };
    }, start);
  });
}
