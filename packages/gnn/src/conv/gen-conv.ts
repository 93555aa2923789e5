import {
  BatchNorm1d,
  checkChoice,
  checkOptions,
  checkPositive,
  checkRng,
  checkShape,
  checkSizes,
  Dropout,
  LayerNorm,
  Linear,
  ReLU,
  relu,
  type Rng,
  Sequential,
} from "@pellucid/core-train";
import { add, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { aggregationOf, type AggregationName } from "../aggr/aggregation-of.ts";
import type { Aggregation } from "../aggr/aggregation.ts";
import type { RowNetwork } from "../aggr/attentional-aggregation.ts";
import { PowerMeanAggregation } from "../aggr/power-mean-aggregation.ts";
import { SoftmaxAggregation } from "../aggr/softmax-aggregation.ts";
import { MessageNorm } from "../norm/message-norm.ts";
import { gatherRows } from "../propagate/gather-rows.ts";
import { redraw } from "../redraw.ts";
import { aggregateMessages } from "./aggregate-sources.ts";
import { type BipartiteGraph, type ChannelPair, endsOf, MessagePassing, pairOf } from "./message-passing.ts";

/** Options for {@link GENConv}. */
export interface GENConvOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** How messages become one; `"softmax_sg"` is a softmax whose weights get no gradient, `"power"` a power mean. Default: `"softmax"`. */
  readonly aggr?: AggregationName | "softmax_sg" | "power" | Aggregation;
  /** The inverse temperature of a softmax. Default: 1. */
  readonly t?: number;
  /** Whether `t` is learned. Default: false. */
  readonly learnT?: boolean;
  /** The power of a power mean. Default: 1. */
  readonly p?: number;
  /** Whether `p` is learned. Default: false. */
  readonly learnP?: boolean;
  /** Whether messages get the length of the node's features. Default: false. */
  readonly msgNorm?: boolean;
  /** Whether a factor of that length is learned. Default: false. */
  readonly learnMsgScale?: boolean;
  /** The norm within the network; null for none. Default: `"batch"`. */
  readonly norm?: "batch" | "layer" | null;
  /** How many linear layers the network has. Default: 2. */
  readonly numLayers?: number;
  /** How many times as wide as the result its hidden layers are. Default: 2. */
  readonly expansion?: number;
  /** Added to messages. Default: 1e-7. */
  readonly eps?: number;
  /** Whether linear layers have biases. Default: false. */
  readonly bias?: boolean;
  /** The features of edges. Default: as many as come out. */
  readonly edgeDim?: number;
}

/**
 * Generalized convolution: `mlp(xᵢ + aggregate(ReLU(xⱼ + eⱼᵢ) + ε))`.
 *
 * Li et al., 2020. DeeperGCN: all you need to train deeper GCNs. https://arxiv.org/abs/2006.07739
 */
export class GENConv extends MessagePassing<BipartiteGraph> {
  readonly inChannels: ChannelPair;
  readonly outChannels: number;
  readonly eps: number;
  readonly aggrModule: Aggregation;
  readonly linSrc: Linear | null;
  readonly linEdge: Linear | null;
  readonly linAggrOut: Linear | null;
  readonly linDst: Linear | null;
  readonly mlp: RowNetwork;
  readonly msgNorm: MessageNorm | null;

  constructor(inChannels: ChannelPair, outChannels: number, options: GENConvOptions) {
    super();
    checkRng("GENConv", options);
    checkOptions("GENConv", options, [
      "rng",
      "aggr",
      "t",
      "learnT",
      "p",
      "learnP",
      "msgNorm",
      "learnMsgScale",
      "norm",
      "numLayers",
      "expansion",
      "eps",
      "bias",
      "edgeDim",
    ]);
    const [source, target] = pairOf(inChannels);
    const { rng, norm = "batch", numLayers = 2, expansion = 2, eps = 1e-7, bias = false, edgeDim } = options;
    checkSizes("GENConv", {
      inChannels: source,
      "inChannels[1]": target,
      outChannels,
      numLayers,
      expansion,
      edgeDim: edgeDim ?? 1,
    });
    checkPositive("GENConv", { eps });
    checkChoice("GENConv", "norm", norm, ["batch", "layer", null]);
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.eps = eps;
    this.aggrModule = aggregatorOf(options);
    const map = (from: number): Linear | null =>
      from === outChannels ? null : new Linear(from, outChannels, { rng, bias });
    this.linSrc = map(source);
    this.linEdge = edgeDim === undefined ? null : map(edgeDim);
    this.linAggrOut = map(this.aggrModule.outChannels(outChannels));
    this.linDst = map(target);
    const widths = [
      outChannels,
      ...new Array<number>(numLayers - 1).fill(outChannels * expansion),
      outChannels,
    ];
    this.mlp = perceptron(widths, norm, bias, rng);
    this.msgNorm =
      options.msgNorm === true ? new MessageNorm({ learnScale: options.learnMsgScale ?? false }) : null;
  }

  /** Draws the weights anew. */
  resetParameters(rng: Rng): void {
    redraw(this.mlp, rng);
    for (const lin of [this.linSrc, this.linEdge, this.linAggrOut, this.linDst])
      if (lin !== null) redraw(lin, rng);
  }

  /** @returns `[target, out]` */
  forward(graph: BipartiteGraph): Tensor2D {
    const { inChannels, outChannels, linSrc, linEdge, linAggrOut, linDst, msgNorm, mlp } = this;
    const caller = `GENConv(${pairOf(inChannels).join("/")}, ${outChannels})`;
    const { source, target, edges, size } = endsOf(caller, graph, inChannels);
    const { edgeAttr } = graph;
    if (edgeAttr !== undefined)
      checkShape(caller, "edgeAttr", edgeAttr, [edges.length, linEdge?.inFeatures ?? outChannels]);
    return tidy(() => {
      const sources = linSrc === null ? source : linSrc.forward(source); // [source, out]
      const rows = gatherRows(sources, edges.source);
      const ofEdges = edgeAttr !== undefined && linEdge !== null ? linEdge.forward(edgeAttr) : edgeAttr;
      const sent = add(relu(ofEdges === undefined ? rows : add(rows, ofEdges)), this.eps) as Tensor2D; // [edge, out]
      const received = aggregateMessages(sent, edges, size, this.aggrModule, this.messages);
      const mapped = linAggrOut === null ? received : linAggrOut.forward(received);
      const message = msgNorm === null ? mapped : msgNorm.forward({ x: target, message: mapped });
      const own = linDst === null ? target : linDst.forward(target);
      return mlp.forward(add(message, own) as never) as Tensor2D; // [target, out]
    });
  }
}

function aggregatorOf({
  aggr = "softmax",
  t = 1,
  learnT = false,
  p = 1,
  learnP = false,
}: GENConvOptions): Aggregation {
  if (aggr === "softmax") return new SoftmaxAggregation({ t, learn: learnT });
  if (aggr === "softmax_sg") return new SoftmaxAggregation({ t, learn: learnT, semiGrad: true });
  if (aggr === "power" || aggr === "powermean") return new PowerMeanAggregation({ p, learn: learnP });
  return aggregationOf("GENConv", aggr);
}

function perceptron(
  widths: readonly number[],
  norm: "batch" | "layer" | null,
  bias: boolean,
  rng: Rng,
): RowNetwork {
  const layers = widths.slice(1).flatMap((width, i) => {
    const linear = new Linear(widths[i] ?? NaN, width, { rng, bias });
    if (i === widths.length - 2) return [linear];
    const norms = norm === null ? [] : [norm === "batch" ? new BatchNorm1d(width) : new LayerNorm(width)];
    return [linear, ...norms, new ReLU(), new Dropout(0, { rng })];
  });
  return new Sequential(...layers) as unknown as RowNetwork;
}
