import { checkOptions, checkRng, type Rng } from "@pellucid/core-train";
import { concat, sub, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { aggregationOf, type AggregationName } from "../aggr/aggregation-of.ts";
import type { Aggregation } from "../aggr/aggregation.ts";
import type { RowNetwork } from "../aggr/attentional-aggregation.ts";
import { gatherRows } from "../propagate/gather-rows.ts";
import { redraw } from "../redraw.ts";
import { aggregateMessages } from "./aggregate-sources.ts";
import { anyFeatures, networkOf } from "./gin-conv.ts";
import { type BipartiteGraph, endsOf, MessagePassing } from "./message-passing.ts";

/** Options for {@link EdgeConv}. */
export interface EdgeConvOptions {
  /** Random generator for initialization: as PyG's, the layer draws the weights of `nn` anew. */
  readonly rng: Rng;
  /** How messages become one. Default: `"max"`. */
  readonly aggr?: AggregationName | Aggregation;
}

/**
 * A network on each edge: `max over j of nn([xᵢ, xⱼ - xᵢ])`.
 *
 * Wang et al., 2019. Dynamic graph CNN for learning on point clouds. https://arxiv.org/abs/1801.07829
 */
export class EdgeConv extends MessagePassing<BipartiteGraph> {
  readonly aggrModule: Aggregation;
  readonly nn: RowNetwork;

  /** @param nn maps `[edge, 2 feature]` to `[edge, out]` */
  constructor(nn: RowNetwork, options: EdgeConvOptions) {
    super();
    checkRng("EdgeConv", options);
    checkOptions("EdgeConv", options, ["rng", "aggr"]);
    this.nn = networkOf("EdgeConv", nn);
    this.aggrModule = aggregationOf("EdgeConv", options.aggr ?? "max");
    this.resetParameters(options.rng);
  }

  /** Draws the weights of `nn` anew. */
  resetParameters(rng: Rng): void {
    redraw(this.nn, rng);
  }

  /** @returns `[target, out]` */
  forward(graph: BipartiteGraph): Tensor2D {
    const { source, target, edges, size } = endsOf("EdgeConv", graph, anyFeatures(graph));
    return tidy(() => {
      const own = gatherRows(target, edges.target);
      const pairs = concat([own, sub(gatherRows(source, edges.source), own)], 1); // [edge, 2 feature]
      const messages = this.nn.forward(pairs as never) as Tensor2D;
      return aggregateMessages(messages, edges, size, this.aggrModule, this.messages);
    });
  }
}
