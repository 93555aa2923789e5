import {
  checkNotNegative,
  checkOptions,
  checkProbabilities,
  checkRng,
  checkShape,
  checkSizes,
  initialize,
  initialized,
  leakyRelu,
  type Linear,
  type Parameter,
  type Rng,
} from "@pellucid/core-train";
import { add, mean, mul, type Rank, reshape, sum, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import type { EdgeReduction } from "../graph/self-loops.ts";
import { gatherRows } from "../propagate/gather-rows.ts";
import { messageGroups } from "../propagate/groups.ts";
import { segmentSoftmax } from "../propagate/segment.ts";
import { sendSum } from "../propagate/send.ts";
import { glorot, redrawLinear } from "../redraw.ts";
import { EdgeAttention } from "./edge-attention.ts";
import type { GATConvOptions } from "./gat-conv.ts";
import { glorotLinear, zeroBias } from "./glorot-linear.ts";
import { type BipartiteGraph, type ChannelPair, endsOf, MessagePassing, pairOf } from "./message-passing.ts";
import { renewLoops } from "./self-loops-of-attention.ts";

/** Options for {@link GATv2Conv}. */
export interface GATv2ConvOptions extends GATConvOptions {
  /** Whether sources and targets have the same linear map. Default: false. */
  readonly shareWeights?: boolean;
}

/**
 * Graph attention whose scores any query can rank differently: `αᵢⱼ = softmax over j of a · LeakyReLU(W_l xⱼ + W_r xᵢ + W_e eⱼᵢ)`; the result is `Σ αᵢⱼ W_l xⱼ + b`.
 *
 * Brody et al., 2022. How attentive are graph attention networks? https://arxiv.org/abs/2105.14491
 */
export class GATv2Conv extends MessagePassing<BipartiteGraph> {
  readonly inChannels: ChannelPair;
  readonly outChannels: number;
  readonly heads: number;
  readonly concat: boolean;
  readonly negativeSlope: number;
  readonly addSelfLoops: boolean;
  readonly fillValue: number | EdgeReduction;
  /** The attention weights, for explanations. */
  readonly attention: EdgeAttention;
  /** `[1, head, out]` */
  readonly att: Parameter<Rank.R3>;
  /** `[head · out]`, or `[out]` where heads are averaged */
  readonly bias: Parameter<Rank.R1> | null;
  readonly linL: Linear;
  readonly linR: Linear;
  readonly linEdge: Linear | null;
  readonly res: Linear | null;

  constructor(inChannels: ChannelPair, outChannels: number, options: GATv2ConvOptions) {
    super();
    checkRng("GATv2Conv", options);
    checkOptions("GATv2Conv", options, [
      "rng",
      "heads",
      "concat",
      "negativeSlope",
      "dropout",
      "addSelfLoops",
      "edgeDim",
      "fillValue",
      "bias",
      "residual",
      "shareWeights",
    ]);
    const { rng, heads = 1, concat = true, negativeSlope = 0.2, dropout = 0, edgeDim, bias = true } = options;
    const [source, target] = pairOf(inChannels);
    checkSizes("GATv2Conv", {
      inChannels: source,
      "inChannels[1]": target,
      outChannels,
      heads,
      edgeDim: edgeDim ?? 1,
    });
    checkProbabilities("GATv2Conv", { dropout });
    checkNotNegative("GATv2Conv", { negativeSlope });
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.heads = heads;
    this.concat = concat;
    this.negativeSlope = negativeSlope;
    this.addSelfLoops = options.addSelfLoops ?? true;
    this.fillValue = options.fillValue ?? "mean";
    this.attention = new EdgeAttention(dropout, rng);
    const all = heads * outChannels;
    this.linL = glorotLinear(source, all, rng, bias);
    this.linR = options.shareWeights === true ? this.linL : glorotLinear(target, all, rng, bias);
    this.att = initialized<Rank.R3>([1, heads, outChannels], (shape) => ({
      data: new Float32Array(all),
      shape,
    }));
    this.linEdge = edgeDim === undefined ? null : glorotLinear(edgeDim, all, rng);
    const total = concat ? all : outChannels;
    this.res = options.residual === true ? glorotLinear(target, total, rng) : null;
    this.bias = zeroBias(total, bias);
    this.resetParameters(rng);
  }

  /** Draws the weights anew. */
  resetParameters(rng: Rng): void {
    for (const lin of [this.linL, this.linR, this.linEdge, this.res])
      if (lin !== null) redrawLinear(lin, rng, glorot);
    initialize<GATv2Conv>(this, "att", glorot, rng);
  }

  /** @returns `[target, head · out]`, or `[target, out]` where heads are averaged */
  forward(graph: BipartiteGraph): Tensor2D {
    const { heads, outChannels, inChannels, bias, res, linL, linR, linEdge } = this;
    const caller = `GATv2Conv(${pairOf(inChannels).join("/")}, ${outChannels})`;
    const { source, target, edges: given, size } = endsOf(caller, graph, inChannels);
    if (linEdge !== null && graph.edgeAttr !== undefined)
      checkShape(caller, "edgeAttr", graph.edgeAttr, [given.length, linEdge.inFeatures]);
    return tidy(() => {
      const sent = linL.forward(source); // [source, head · out]
      const asked = linL === linR && source === target ? sent : linR.forward(target);
      const nodes = Math.min(source.shape[0], size);
      const { edges, edgeAttr } = this.addSelfLoops
        ? renewLoops(caller, given, graph.edgeAttr, nodes, this.fillValue)
        : { edges: given, edgeAttr: graph.edgeAttr };
      const ends = add(gatherRows(asked, edges.target), gatherRows(sent, edges.source)); // [edge, head · out]
      const all = edgeAttr === undefined || linEdge === null ? ends : add(ends, linEdge.forward(edgeAttr));
      const slanted = leakyRelu(all as Tensor2D, { negativeSlope: this.negativeSlope });
      const scores: Tensor2D = sum(
        mul(reshape<Rank.R3>(slanted, [edges.length, heads, outChannels]), this.att),
        2,
      );
      const weights = this.attention.apply(segmentSoftmax(scores, messageGroups(edges), size), edges);
      const sums = sendSum(sent, weights, edges, size, this.messages); // [target, head · out]
      const own: Tensor2D = this.concat ? sums : mean(reshape<Rank.R3>(sums, [size, heads, outChannels]), 1);
      const out: Tensor2D = res === null ? own : add(own, res.forward(target));
      return bias === null ? out : add<Tensor2D>(out, bias);
    });
  }
}
