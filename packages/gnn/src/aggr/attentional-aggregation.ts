import type { Layer, Module } from "@pellucid/core-train";
import { mul, type Tensor, type Tensor2D } from "@tensorflow/tfjs-core";
import type { EdgeList } from "../graph/edge-list.ts";
import { segmentSoftmax, segmentSum } from "../propagate/segment.ts";
import { Aggregation } from "./aggregation.ts";

/** A network on the features of each row. */
export type RowNetwork = Module & Layer<never, Tensor>;

/**
 * A sum weighted by a network: `Σ softmax(gate(x))ᵢ nn(xᵢ)`.
 *
 * Li et al., 2015. Gated graph sequence neural networks, eq. 7. https://arxiv.org/abs/1511.05493
 */
export class AttentionalAggregation extends Aggregation {
  /** `[row, feature]` -> `[row, 1]`, or one weight for each feature that comes out. */
  readonly gateNn: RowNetwork;
  /** What is summed; null for the rows themselves. */
  readonly nn: RowNetwork | null;

  constructor(gateNn: RowNetwork, nn: RowNetwork | null = null) {
    super();
    this.gateNn = gateNn;
    this.nn = nn;
  }

  reduce(x: Tensor, groups: EdgeList, size: number): Tensor {
    const gate = this.gateNn.forward(x as never);
    const values = this.nn === null ? x : this.nn.forward(x as never);
    return segmentSum(mul(segmentSoftmax(gate, groups, size), values) as Tensor2D, groups, size);
  }
}
