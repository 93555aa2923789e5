import {
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  init,
  Linear,
  type Parameter,
  type Rng,
  matMul,
} from "@pellucid/core-train";
import {
  add,
  expandDims,
  type Rank,
  reshape,
  type Tensor2D,
  type Tensor3D,
  tidy,
} from "@tensorflow/tfjs-core";
import { aggregationOf, type AggregationName } from "../aggr/aggregation-of.ts";
import type { Aggregation } from "../aggr/aggregation.ts";
import type { RowNetwork } from "../aggr/attentional-aggregation.ts";
import { gatherRows } from "../propagate/gather-rows.ts";
import { redraw, redrawLinear } from "../redraw.ts";
import { aggregateMessages } from "./aggregate-sources.ts";
import { networkOf } from "./gin-conv.ts";
import { zeroBias } from "./glorot-linear.ts";
import { type BipartiteGraph, type ChannelPair, endsOf, MessagePassing, pairOf } from "./message-passing.ts";

/** Options for {@link NNConv}. */
export interface NNConvOptions {
  /** Random generator for initialization: as PyG's, the layer draws the weights of `nn` anew. */
  readonly rng: Rng;
  /** How messages become one. Default: `"add"`. */
  readonly aggr?: AggregationName | Aggregation;
  /** Whether a node's own features take part. Default: true. */
  readonly rootWeight?: boolean;
  /** Whether to add `b`. Default: true. */
  readonly bias?: boolean;
}

/**
 * A network makes a matrix of the features of each edge: `xᵢ W + Σ xⱼ nn(eⱼᵢ) + b`.
 *
 * Gilmer et al., 2017. Neural message passing for quantum chemistry. https://arxiv.org/abs/1704.01212
 */
export class NNConv extends MessagePassing<BipartiteGraph> {
  readonly inChannels: ChannelPair;
  readonly outChannels: number;
  readonly aggrModule: Aggregation;
  /** `[out]` */
  readonly bias: Parameter<Rank.R1> | null;
  readonly nn: RowNetwork;
  readonly lin: Linear | null;

  /** @param nn maps `[edge, feature]` to `[edge, in · out]` */
  constructor(inChannels: ChannelPair, outChannels: number, nn: RowNetwork, options: NNConvOptions) {
    super();
    checkRng("NNConv", options);
    checkOptions("NNConv", options, ["rng", "aggr", "rootWeight", "bias"]);
    const [source, target] = pairOf(inChannels);
    checkSizes("NNConv", { inChannels: source, "inChannels[1]": target, outChannels });
    const { rng, aggr = "add", rootWeight = true, bias = true } = options;
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.nn = networkOf("NNConv", nn);
    this.aggrModule = aggregationOf("NNConv", aggr);
    this.lin = rootWeight ? new Linear(target, outChannels, { rng, bias: false, init: perInput }) : null;
    this.bias = zeroBias(outChannels, bias);
    this.resetParameters(rng);
  }

  /** Draws the weights anew. */
  resetParameters(rng: Rng): void {
    redraw(this.nn, rng);
    if (this.lin !== null) redrawLinear(this.lin, rng, perInput);
  }

  /** @returns `[target, out]` */
  forward(graph: BipartiteGraph): Tensor2D {
    const { inChannels, outChannels, lin, bias } = this;
    const [features] = pairOf(inChannels);
    const caller = `NNConv(${pairOf(inChannels).join("/")}, ${outChannels})`;
    const { source, target, edges, size } = endsOf(caller, graph, inChannels);
    const { edgeAttr } = graph;
    if (edgeAttr === undefined)
      checkShape(caller, "edgeAttr", source, ["edge", "feature", "given"], "Give features of edges.");
    return tidy(() => {
      const made = this.nn.forward(edgeAttr as never);
      checkShape(caller, "nn(edgeAttr)", made, [edges.length, features * outChannels]);
      const matrices = reshape<Rank.R3>(made, [edges.length, features, outChannels]);
      const sent = expandDims<Tensor3D>(gatherRows(source, edges.source), 1); // [edge, 1, in]
      const messages = reshape<Rank.R2>(edges.length === 0 ? made : matMul(sent, matrices), [
        edges.length,
        outChannels,
      ]);
      const sums = aggregateMessages(messages, edges, size, this.aggrModule, this.messages);
      const out: Tensor2D = lin === null ? sums : add(sums, lin.forward(target)); // [target, out]
      return bias === null ? out : add<Tensor2D>(out, bias);
    });
  }
}

/** Uniform within `± 1 / √in`. */
function perInput(shape: readonly number[], rng: Rng): ReturnType<Rng["uniform"]> {
  const bound = 1 / Math.sqrt(shape[1] ?? NaN);
  return init.uniform(-bound, bound)(shape, rng) as ReturnType<Rng["uniform"]>;
}
