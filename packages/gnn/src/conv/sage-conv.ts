import {
  checkOptions,
  checkRng,
  checkSizes,
  Linear,
  normalizeVectors,
  relu,
  type Rng,
} from "@pellucid/core-train";
import { add, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { aggregationOrLstm, type AggregationName } from "../aggr/aggregation-of.ts";
import type { Aggregation } from "../aggr/aggregation.ts";
import { aggregateSources } from "./aggregate-sources.ts";
import { redraw } from "../redraw.ts";
import { type BipartiteGraph, type ChannelPair, endsOf, MessagePassing, pairOf } from "./message-passing.ts";

/** Options for {@link SAGEConv}. */
export interface SAGEConvOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** How neighbours become one: a name with its defaults, or an aggregation. Default: `"mean"`. */
  readonly aggr?: AggregationName | "lstm" | Aggregation;
  /** Whether each row of the result is scaled to length 1. Default: false. */
  readonly normalize?: boolean;
  /** Whether a node's own features take part. Default: true. */
  readonly rootWeight?: boolean;
  /** Whether neighbours go through a linear map and a ReLU first. Default: false. */
  readonly project?: boolean;
  /** Whether to add `b`. Default: true. */
  readonly bias?: boolean;
}

/**
 * GraphSAGE: `aggregate(xⱼ) W_l + b + xᵢ W_r`.
 *
 * Hamilton et al., 2017. Inductive representation learning on large graphs. https://arxiv.org/abs/1706.02216
 */
export class SAGEConv extends MessagePassing<BipartiteGraph> {
  readonly inChannels: ChannelPair;
  readonly outChannels: number;
  readonly normalize: boolean;
  readonly aggrModule: Aggregation;
  readonly lin: Linear | null;
  readonly linL: Linear;
  readonly linR: Linear | null;

  constructor(inChannels: ChannelPair, outChannels: number, options: SAGEConvOptions) {
    super();
    checkRng("SAGEConv", options);
    checkOptions("SAGEConv", options, ["rng", "aggr", "normalize", "rootWeight", "project", "bias"]);
    const [source, target] = pairOf(inChannels);
    checkSizes("SAGEConv", { inChannels: source, "inChannels[1]": target, outChannels });
    const {
      rng,
      aggr = "mean",
      normalize = false,
      rootWeight = true,
      project = false,
      bias = true,
    } = options;
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.normalize = normalize;
    this.aggrModule = aggregationOrLstm("SAGEConv", aggr, source, rng);
    this.lin = project ? new Linear(source, source, { rng }) : null;
    this.linL = new Linear(this.aggrModule.outChannels(source), outChannels, { rng, bias });
    this.linR = rootWeight ? new Linear(target, outChannels, { rng, bias: false }) : null;
    this.resetParameters(rng);
  }

  /** Draws the weights anew. */
  resetParameters(rng: Rng): void {
    for (const part of [this.aggrModule, this.lin, this.linL, this.linR])
      if (part !== null) redraw(part, rng);
  }

  /** @returns `[target, out]` */
  forward(graph: BipartiteGraph): Tensor2D {
    const { inChannels, outChannels, lin, linL, linR, aggrModule, messages } = this;
    const { source, target, edges, size } = endsOf(
      `SAGEConv(${pairOf(inChannels).join("/")}, ${outChannels})`,
      graph,
      inChannels,
    );
    return tidy(() => {
      const sent = lin === null ? source : relu(lin.forward(source));
      const aggregated = aggregateSources(sent, null, edges, size, aggrModule, messages);
      const all = linL.forward(aggregated);
      const out: Tensor2D = linR === null ? all : add(all, linR.forward(target)); // [target, out]
      return this.normalize ? normalizeVectors(out, { eps: 1e-12 }) : out;
    });
  }
}
