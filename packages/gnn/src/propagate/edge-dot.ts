import { defineOp } from "@pellucid/core-train";
import type { EdgeDotOp } from "@pellucid/core-train/ops";
import {
  gather,
  mul,
  reshape,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tensor1d,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import type { EdgeList } from "../graph/edge-list.ts";
import { gatherSum } from "./gather-sum.ts";

interface Over {
  readonly edges: EdgeList;
  readonly heads: number;
}

const op: EdgeDotOp<Over> = defineOp({
  name: "PellucidEdgeDot",
  inputs: {
    a: "float32[node, feature]",
    b: "float32[node, feature]",
    target: "int32[edge]",
    source: "int32[edge]",
  },
  reference({ a, b, target, source }, { edges, heads }: Over): Tensor2D {
    const features = a.shape[1];
    if (edges.length === 0 || features === 0) return zeros([edges.length, heads]);
    const products = mul(gather(a, target), gather(b, source)); // [edge, feature]
    return sum(reshape<Tensor3D["rankType"]>(products, [edges.length, heads, features / heads]), 2);
  },
  gradient: (dy, { a, b }, { edges }) => ({
    a: (): Tensor => gatherSum(b, dy, edges, a.shape[0]),
    b: (): Tensor => gatherSum(a, dy, edges.reversed, b.shape[0]),
  }),
});

/**
 * For each edge the product of its ends: `Σ aᵢ bⱼ` over the features of each head, for the edge `j → i`.
 *
 * @param a `[target, feature]`
 * @param b `[source, feature]`
 * @returns `[edge, head]`
 */
export function edgeDot(a: Tensor2D, b: Tensor2D, edges: EdgeList, heads = 1): Tensor2D {
  return tidy(() => {
    const ends = { target: tensor1d(edges.target, "int32"), source: tensor1d(edges.source, "int32") };
    return op({ a, b, ...ends }, { edges, heads });
  });
}
