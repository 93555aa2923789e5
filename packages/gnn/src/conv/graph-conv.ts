import { checkOptions, checkRng, checkSizes, Linear, type Rng } from "@pellucid/core-train";
import { add, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { aggregationOf, type AggregationName } from "../aggr/aggregation-of.ts";
import type { Aggregation } from "../aggr/aggregation.ts";
import { column } from "../propagate/segment.ts";
import { redraw } from "../redraw.ts";
import { aggregateSources } from "./aggregate-sources.ts";
import { type BipartiteGraph, type ChannelPair, endsOf, MessagePassing, pairOf } from "./message-passing.ts";

/** Options for {@link GraphConv}. */
export interface GraphConvOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** How messages become one. Default: `"add"`. */
  readonly aggr?: AggregationName | Aggregation;
  /** Whether to add `b`. Default: true. */
  readonly bias?: boolean;
}

/**
 * The graph convolution of Weisfeiler and Leman: `xᵢ W₁ + Σ w xⱼ W₂ + b`.
 *
 * Morris et al., 2019. Weisfeiler and Leman go neural. https://arxiv.org/abs/1810.02244
 */
export class GraphConv extends MessagePassing<BipartiteGraph> {
  readonly inChannels: ChannelPair;
  readonly outChannels: number;
  readonly aggrModule: Aggregation;
  readonly linRel: Linear;
  readonly linRoot: Linear;

  constructor(inChannels: ChannelPair, outChannels: number, options: GraphConvOptions) {
    super();
    checkRng("GraphConv", options);
    checkOptions("GraphConv", options, ["rng", "aggr", "bias"]);
    const [source, target] = pairOf(inChannels);
    checkSizes("GraphConv", { inChannels: source, "inChannels[1]": target, outChannels });
    const { rng, aggr = "add", bias = true } = options;
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.aggrModule = aggregationOf("GraphConv", aggr);
    this.linRel = new Linear(source, outChannels, { rng, bias });
    this.linRoot = new Linear(target, outChannels, { rng, bias: false });
    this.resetParameters(rng);
  }

  /** Draws the weights anew. */
  resetParameters(rng: Rng): void {
    redraw(this.linRel, rng);
    redraw(this.linRoot, rng);
  }

  /** @returns `[target, out]` */
  forward(graph: BipartiteGraph): Tensor2D {
    const { inChannels, outChannels } = this;
    const caller = `GraphConv(${pairOf(inChannels).join("/")}, ${outChannels})`;
    const { source, target, edges, size } = endsOf(caller, graph, inChannels);
    return tidy(() => {
      const weight = graph.edgeWeight === undefined ? null : column(graph.edgeWeight);
      const sums = aggregateSources(source, weight, edges, size, this.aggrModule, this.messages);
      return add(this.linRel.forward(sums), this.linRoot.forward(target)); // [target, out]
    });
  }
}
