import { checkArguments, checkShape } from "@pellucid/core-train";
import { clone, sum, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import type { KAN } from "./kan.ts";

/** What goes through one layer of a {@link KAN}. */
export type EdgeActivations = {
  /** `[batch, in]` */
  readonly inputs: Tensor2D;
  /** What each edge adds to its node, `[batch, in, out]`. */
  readonly edges: Tensor3D;
  /** Its part from the spline, without a locked function. */
  readonly splines: Tensor3D;
  /** `[batch, out]` */
  readonly subnodes: Tensor2D;
};

/**
 * What goes into, over and out of every edge, layer by layer: the curves that a drawing of the network shows, and what {@link attribute} and {@link kanPenalty} measure.
 *
 * @param x `[batch, in]`
 */
export function edgeActivations(model: KAN, x: Tensor2D): EdgeActivations[] {
  checkArguments("edgeActivations", { "{ actFun, symbolicFun }": { model } });
  checkShape("edgeActivations", "x", x, ["batch", model.actFun[0]?.inDim ?? 0]);
  return tidy(() => {
    let inputs = x;
    return model.actFun.map((layer, l) => {
      const splines = layer.edges(inputs); // [batch, in, out]
      const edges = model.edges(l, inputs);
      const sums = sum<Tensor2D>(edges, 1); // [batch, out]
      const found = {
        inputs: l === 0 ? clone(x) : inputs,
        edges,
        splines,
        subnodes: model.subnodes(l, sums),
      };
      inputs = model.nodes(l, sums);
      return found;
    });
  });
}
