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
  Linear,
  type Parameter,
  type Rng,
} from "@pellucid/core-train";
import {
  add,
  mean,
  mul,
  type Rank,
  reshape,
  sum,
  type Tensor2D,
  type Tensor3D,
  tidy,
} from "@tensorflow/tfjs-core";
import type { EdgeReduction } from "../graph/self-loops.ts";
import { gatherRows } from "../propagate/gather-rows.ts";
import { messageGroups } from "../propagate/groups.ts";
import { segmentSoftmax } from "../propagate/segment.ts";
import { sendSum } from "../propagate/send.ts";
import { glorot, redrawLinear } from "../redraw.ts";
import { EdgeAttention } from "./edge-attention.ts";
import { glorotLinear, zeroBias } from "./glorot-linear.ts";
import { type BipartiteGraph, type ChannelPair, endsOf, MessagePassing, pairOf } from "./message-passing.ts";
import { renewLoops } from "./self-loops-of-attention.ts";

/** Options for {@link GATConv}. */
export interface GATConvOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  /** How many attentions. Default: 1. */
  readonly heads?: number;
  /** Whether the heads are side by side, or else averaged. Default: true. */
  readonly concat?: boolean;
  /** The factor of negative scores. Default: 0.2. */
  readonly negativeSlope?: number;
  /** Which part of the attention weights is dropped in training. Default: 0. */
  readonly dropout?: number;
  /** Whether each node attends to itself: self-loops of the graph are replaced by new ones. Default: true. */
  readonly addSelfLoops?: boolean;
  /** The features of edges. Default: none take part. */
  readonly edgeDim?: number;
  /** The features of new self-loops: a number, or how those of the edges that come in become one. Default: `"mean"`. */
  readonly fillValue?: number | EdgeReduction;
  /** Whether to add `b`. Default: true. */
  readonly bias?: boolean;
  /** Whether a linear map of the target's features is added. Default: false. */
  readonly residual?: boolean;
}

/**
 * Graph attention: `Σ αᵢⱼ W xⱼ + b` with `αᵢⱼ = softmax over j of LeakyReLU(a_s · W xⱼ + a_d · W xᵢ + a_e · W_e eⱼᵢ)`, for each head.
 *
 * Veličković et al., 2018. https://arxiv.org/abs/1710.10903
 */
export class GATConv extends MessagePassing<BipartiteGraph> {
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
  readonly attSrc: Parameter<Rank.R3>;
  /** `[1, head, out]` */
  readonly attDst: Parameter<Rank.R3>;
  /** `[1, head, out]` */
  readonly attEdge: Parameter<Rank.R3> | null;
  /** `[head · out]`, or `[out]` where heads are averaged */
  readonly bias: Parameter<Rank.R1> | null;
  /** Of sources and targets alike. */
  readonly lin: Linear | null;
  readonly linSrc: Linear | null;
  readonly linDst: Linear | null;
  readonly linEdge: Linear | null;
  readonly res: Linear | null;

  constructor(inChannels: ChannelPair, outChannels: number, options: GATConvOptions) {
    super();
    checkRng("GATConv", options);
    checkOptions("GATConv", options, [
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
    ]);
    const { rng, heads = 1, concat = true, negativeSlope = 0.2, dropout = 0, edgeDim } = options;
    const [source, target] = pairOf(inChannels);
    checkSizes("GATConv", {
      inChannels: source,
      "inChannels[1]": target,
      outChannels,
      heads,
      edgeDim: edgeDim ?? 1,
    });
    checkProbabilities("GATConv", { dropout });
    checkNotNegative("GATConv", { negativeSlope });
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.heads = heads;
    this.concat = concat;
    this.negativeSlope = negativeSlope;
    this.addSelfLoops = options.addSelfLoops ?? true;
    this.fillValue = options.fillValue ?? "mean";
    this.attention = new EdgeAttention(dropout, rng);
    const all = heads * outChannels;
    const isPair = typeof inChannels !== "number";
    this.lin = isPair ? null : glorotLinear(source, all, rng);
    this.linSrc = isPair ? glorotLinear(source, all, rng) : null;
    this.linDst = isPair ? glorotLinear(target, all, rng) : null;
    const attention = () =>
      initialized<Rank.R3>([1, heads, outChannels], (shape) => ({ data: new Float32Array(all), shape }));
    this.attSrc = attention();
    this.attDst = attention();
    this.linEdge = edgeDim === undefined ? null : glorotLinear(edgeDim, all, rng);
    this.attEdge = edgeDim === undefined ? null : attention();
    const total = concat ? all : outChannels;
    this.res = options.residual === true ? glorotLinear(target, total, rng) : null;
    this.bias = zeroBias(total, options.bias ?? true);
    this.resetParameters(rng);
  }

  /** Draws the weights anew. */
  resetParameters(rng: Rng): void {
    for (const lin of [this.lin, this.linSrc, this.linDst, this.linEdge, this.res])
      if (lin !== null) redrawLinear(lin, rng, glorot);
    initialize<GATConv>(this, "attSrc", glorot, rng);
    initialize<GATConv>(this, "attDst", glorot, rng);
    if (this.attEdge !== null) initialize<GATConv>(this, "attEdge", glorot, rng);
  }

  /** @returns `[target, head · out]`, or `[target, out]` where heads are averaged */
  forward(graph: BipartiteGraph): Tensor2D {
    const { heads, outChannels, inChannels, bias, res } = this;
    const caller = `GATConv(${pairOf(inChannels).join("/")}, ${outChannels})`;
    const { source, target, edges: given, size } = endsOf(caller, graph, inChannels);
    if (this.linEdge !== null && graph.edgeAttr !== undefined)
      checkShape(caller, "edgeAttr", graph.edgeAttr, [given.length, this.linEdge.inFeatures]);
    return tidy(() => {
      const sent = (this.lin ?? (this.linSrc as Linear)).forward(source); // [source, head · out]
      const asked =
        source === target && this.lin !== null ? sent : (this.lin ?? (this.linDst as Linear)).forward(target);
      const nodes = Math.min(source.shape[0], size);
      const { edges, edgeAttr } = this.addSelfLoops
        ? renewLoops(caller, given, graph.edgeAttr, nodes, this.fillValue)
        : { edges: given, edgeAttr: graph.edgeAttr };
      const scores = add(
        gatherRows(this.#score(sent, this.attSrc), edges.source),
        gatherRows(this.#score(asked, this.attDst), edges.target),
      ); // [edge, head]
      const withEdges =
        edgeAttr === undefined || this.linEdge === null || this.attEdge === null
          ? (scores as Tensor2D)
          : add<Tensor2D>(scores, this.#score(this.linEdge.forward(edgeAttr), this.attEdge));
      const slanted = leakyRelu(withEdges, { negativeSlope: this.negativeSlope });
      const weights = this.attention.apply(segmentSoftmax(slanted, messageGroups(edges), size), edges);
      const sums = sendSum(sent, weights, edges, size, this.messages); // [target, head · out]
      const own: Tensor2D = this.concat ? sums : mean(reshape<Rank.R3>(sums, [size, heads, outChannels]), 1);
      const out: Tensor2D = res === null ? own : add(own, res.forward(target));
      return bias === null ? out : add<Tensor2D>(out, bias);
    });
  }

  /** The product of each head with its attention vector: `[row, head · out]` -> `[row, head]`. */
  #score(x: Tensor2D, attention: Tensor3D): Tensor2D {
    const { heads, outChannels } = this;
    return sum(mul(reshape<Rank.R3>(x, [x.shape[0], heads, outChannels]), attention), 2);
  }
}
