import {
  checkOptions,
  checkProbabilities,
  checkRng,
  checkShape,
  checkSizes,
  isIntercepted,
  Linear,
  OptionError,
  type Rng,
  sigmoid,
} from "@pellucid/core-train";
import {
  add,
  concat,
  div,
  expandDims,
  mean,
  mul,
  type Rank,
  reshape,
  sub,
  sum,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";
import { edgeDot } from "../propagate/edge-dot.ts";
import { gatherRows } from "../propagate/gather-rows.ts";
import { gatherSum } from "../propagate/gather-sum.ts";
import { messageGroups } from "../propagate/groups.ts";
import { segmentSoftmax, segmentSum } from "../propagate/segment.ts";
import { observed } from "../propagate/send.ts";
import { redraw } from "../redraw.ts";
import { EdgeAttention } from "./edge-attention.ts";
import { type BipartiteGraph, type ChannelPair, endsOf, MessagePassing, pairOf } from "./message-passing.ts";

/** Options for {@link TransformerConv}. */
export interface TransformerConvOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  /** How many attentions. Default: 1. */
  readonly heads?: number;
  /** Whether the heads are side by side, or else averaged. Default: true. */
  readonly concat?: boolean;
  /** Whether a learned gate mixes a node's own features with what it receives. Default: false. */
  readonly beta?: boolean;
  /** Which part of the attention weights is dropped in training. Default: 0. */
  readonly dropout?: number;
  /** The features of edges. Default: none take part. */
  readonly edgeDim?: number;
  /** Whether linear layers have biases. Default: true. */
  readonly bias?: boolean;
  /** Whether a node's own features take part. Default: true. */
  readonly rootWeight?: boolean;
}

/**
 * Attention of a transformer along edges: `W₁ xᵢ + Σ αᵢⱼ (W₂ xⱼ + W₆ eⱼᵢ)` with `αᵢⱼ = softmax over j of (W₃ xᵢ) · (W₄ xⱼ + W₆ eⱼᵢ) / √out`.
 *
 * Shi et al., 2021. Masked label prediction. https://arxiv.org/abs/2009.03509
 */
export class TransformerConv extends MessagePassing<BipartiteGraph> {
  readonly inChannels: ChannelPair;
  readonly outChannels: number;
  readonly heads: number;
  readonly concat: boolean;
  readonly rootWeight: boolean;
  /** The attention weights, for explanations. */
  readonly attention: EdgeAttention;
  readonly linKey: Linear;
  readonly linQuery: Linear;
  readonly linValue: Linear;
  readonly linEdge: Linear | null;
  readonly linSkip: Linear;
  readonly linBeta: Linear | null;

  constructor(inChannels: ChannelPair, outChannels: number, options: TransformerConvOptions) {
    super();
    checkRng("TransformerConv", options);
    checkOptions("TransformerConv", options, [
      "rng",
      "heads",
      "concat",
      "beta",
      "dropout",
      "edgeDim",
      "bias",
      "rootWeight",
    ]);
    const {
      rng,
      heads = 1,
      concat: sideBySide = true,
      dropout = 0,
      edgeDim,
      bias = true,
      rootWeight = true,
    } = options;
    const [source, target] = pairOf(inChannels);
    checkSizes("TransformerConv", {
      inChannels: source,
      "inChannels[1]": target,
      outChannels,
      heads,
      edgeDim: edgeDim ?? 1,
    });
    checkProbabilities("TransformerConv", { dropout });
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.heads = heads;
    this.concat = sideBySide;
    this.rootWeight = rootWeight;
    this.attention = new EdgeAttention(dropout, rng);
    const all = heads * outChannels;
    const total = sideBySide ? all : outChannels;
    this.linKey = new Linear(source, all, { rng, bias });
    this.linQuery = new Linear(target, all, { rng, bias });
    this.linValue = new Linear(source, all, { rng, bias });
    this.linEdge = edgeDim === undefined ? null : new Linear(edgeDim, all, { rng, bias: false });
    this.linSkip = new Linear(target, total, { rng, bias });
    const gated = options.beta === true && rootWeight;
    this.linBeta = gated ? new Linear(3 * total, 1, { rng, bias: false }) : null;
    this.resetParameters(rng);
  }

  /** Draws the weights anew. */
  resetParameters(rng: Rng): void {
    for (const lin of [this.linKey, this.linQuery, this.linValue, this.linEdge, this.linSkip, this.linBeta])
      if (lin !== null) redraw(lin, rng);
  }

  /** @returns `[target, head · out]`, or `[target, out]` where heads are averaged */
  forward(graph: BipartiteGraph): Tensor2D {
    const { inChannels, outChannels, heads, linEdge, linBeta } = this;
    const caller = `TransformerConv(${pairOf(inChannels).join("/")}, ${outChannels})`;
    const { source, target, edges, size } = endsOf(caller, graph, inChannels);
    const { edgeAttr } = graph;
    if (linEdge !== null && edgeAttr === undefined)
      throw new OptionError(caller, "edgeAttr", "undefined", `[edge, ${linEdge.inFeatures}]`);
    if (linEdge !== null && edgeAttr !== undefined)
      checkShape(caller, "edgeAttr", edgeAttr, [edges.length, linEdge.inFeatures]);
    return tidy(() => {
      const query = this.linQuery.forward(target); // [target, head · out]
      const key = this.linKey.forward(source); // [source, head · out]
      const value = this.linValue.forward(source);
      const ofEdges = linEdge === null || edgeAttr === undefined ? null : linEdge.forward(edgeAttr); // [edge, head · out]
      const perHead = (x: Tensor2D) => reshape<Rank.R3>(x, [edges.length, heads, outChannels]);
      const products = edgeDot(query, key, edges, heads); // [edge, head]
      const scores =
        ofEdges === null
          ? products
          : add(products, sum(perHead(mul(gatherRows(query, edges.target), ofEdges)), 2));
      const normal = segmentSoftmax(
        div(scores, Math.sqrt(outChannels)) as Tensor2D,
        messageGroups(edges),
        size,
      );
      const weights = this.attention.apply(normal, edges);
      const received = ((): Tensor2D => {
        if (ofEdges === null && !isIntercepted(this.messages)) return gatherSum(value, weights, edges, size);
        const sent = gatherRows(value, edges.source);
        const all = ofEdges === null ? sent : add(sent, ofEdges);
        const messages = reshape<Rank.R2>(
          mul(perHead(all as Tensor2D), expandDims(weights, 2)),
          all.shape as [number, number],
        );
        return segmentSum(observed(messages, edges, this.messages), messageGroups(edges), size);
      })();
      const out: Tensor2D = this.concat
        ? received
        : mean(reshape<Rank.R3>(received, [size, heads, outChannels]), 1);
      if (!this.rootWeight) return out;
      const own = this.linSkip.forward(target);
      if (linBeta === null) return add(out, own);
      const gate = sigmoid(linBeta.forward(concat([out, own, sub(out, own)], 1))); // [target, 1]
      return add(mul(gate, own), mul(sub(1, gate), out));
    });
  }
}
