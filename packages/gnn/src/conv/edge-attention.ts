import { dropout, isIntercepted, isTraining, type Layer, Module, type Rng } from "@pellucid/core-train";
import type { Tensor2D } from "@tensorflow/tfjs-core";
import { edgeIndexOf } from "../graph/edge-index.ts";
import type { EdgeList } from "../graph/edge-list.ts";

/** The weights with which targets attend to their sources. */
export interface AttentionRecord {
  /** `[edge, head]`; those of a target sum to 1. */
  readonly weights: Tensor2D;
  /** The edges, int32 `[2, edge]`: also the self-loops that the layer adds. */
  readonly edgeIndex: Tensor2D;
}

/** The attention weights of a layer before dropout, for explanations to observe by `capture` and change by `intercept`. */
export class EdgeAttention extends Module implements Layer<AttentionRecord, AttentionRecord> {
  readonly dropout: number;
  readonly rng: Rng;

  constructor(p: number, rng: Rng) {
    super();
    this.dropout = p;
    this.rng = rng;
  }

  /** @returns `record` */
  forward(record: AttentionRecord): AttentionRecord {
    return record;
  }

  /** Weights as observers give them on, after dropout in training. */
  apply(weights: Tensor2D, edges: EdgeList): Tensor2D {
    const seen = isIntercepted(this)
      ? this.forward({ weights, edgeIndex: edgeIndexOf(edges) }).weights
      : weights;
    return isTraining(this) ? dropout(seen, this.dropout, { rng: this.rng }) : seen;
  }
}
