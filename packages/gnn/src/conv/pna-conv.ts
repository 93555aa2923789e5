import {
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  Linear,
  OptionError,
  ReLU,
  type Rng,
  Sequential,
} from "@pellucid/core-train";
import {
  concat,
  type Rank,
  reshape,
  slice,
  stack,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tidy,
} from "@tensorflow/tfjs-core";
import type { AggregationName } from "../aggr/aggregation-of.ts";
import type { Aggregation } from "../aggr/aggregation.ts";
import type { RowNetwork } from "../aggr/attentional-aggregation.ts";
import { type DegreeScaler, DegreeScalerAggregation } from "../aggr/degree-scaler-aggregation.ts";
import { gatherRows } from "../propagate/gather-rows.ts";
import { messageGroups } from "../propagate/groups.ts";
import { observed } from "../propagate/send.ts";
import { redraw } from "../redraw.ts";
import { type ConvGraph, endsOf, MessagePassing } from "./message-passing.ts";

/** Options for {@link PNAConv}. */
export interface PNAConvOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Several reductions of messages, such as mean, min, max and std. */
  readonly aggregators: readonly (AggregationName | Aggregation)[];
  /** How each is scaled by the number of messages. */
  readonly scalers: readonly DegreeScaler[];
  /** How many training nodes receive so many messages: `degrees[d]`. */
  readonly degrees: ArrayLike<number>;
  /** The features of edges. Default: none take part. */
  readonly edgeDim?: number;
  /** How many networks work side by side. Default: 1. */
  readonly towers?: number;
  /** How many linear layers make a message. Default: 1. */
  readonly preLayers?: number;
  /** How many linear layers follow the aggregation. Default: 1. */
  readonly postLayers?: number;
  /** Whether each tower gets a part of the features, rather than all. Default: false. */
  readonly divideInput?: boolean;
  /** Whether the mean degrees are learned. Default: false. */
  readonly trainNorm?: boolean;
}

/**
 * Principal neighbourhood aggregation: `nn₂([xᵢ, scaled aggregations over j of nn₁([xᵢ, xⱼ, eⱼᵢ])])`, in towers, then a linear map. The activation between layers is
 * ReLU.
 *
 * Corso et al., 2020. https://arxiv.org/abs/2004.05718
 */
export class PNAConv extends MessagePassing {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly towers: number;
  readonly divideInput: boolean;
  readonly aggrModule: DegreeScalerAggregation;
  readonly edgeEncoder: Linear | null;
  readonly preNns: readonly RowNetwork[];
  readonly postNns: readonly RowNetwork[];
  readonly lin: Linear;

  constructor(inChannels: number, outChannels: number, options: PNAConvOptions) {
    super();
    checkRng("PNAConv", options);
    checkOptions("PNAConv", options, [
      "rng",
      "aggregators",
      "scalers",
      "degrees",
      "edgeDim",
      "towers",
      "preLayers",
      "postLayers",
      "divideInput",
      "trainNorm",
    ]);
    const {
      rng,
      edgeDim,
      towers = 1,
      preLayers = 1,
      postLayers = 1,
      divideInput = false,
      trainNorm = false,
    } = options;
    checkSizes("PNAConv", { inChannels, outChannels, towers, preLayers, postLayers, edgeDim: edgeDim ?? 1 });
    if (outChannels % towers !== 0 || (divideInput && inChannels % towers !== 0))
      throw new OptionError(
        "PNAConv",
        "towers",
        towers,
        `a divisor of ${divideInput ? `${inChannels} and ` : ""}${outChannels}`,
      );
    this.aggrModule = new DegreeScalerAggregation(options.aggregators, options.scalers, options.degrees, {
      trainNorm,
    });
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.towers = towers;
    this.divideInput = divideInput;
    const width = divideInput ? inChannels / towers : inChannels;
    const widthOut = outChannels / towers;
    this.edgeEncoder = edgeDim === undefined ? null : new Linear(edgeDim, width, { rng });
    const [pre, post]: [RowNetwork[], RowNetwork[]] = [[], []];
    const collected = this.aggrModule.outChannels(width) + width;
    for (let tower = 0; tower < towers; tower++) {
      pre.push(layers((edgeDim === undefined ? 2 : 3) * width, width, preLayers, rng));
      post.push(layers(collected, widthOut, postLayers, rng));
    }
    this.preNns = pre;
    this.postNns = post;
    this.lin = new Linear(outChannels, outChannels, { rng });
    this.resetParameters(rng);
  }

  /** Draws the weights anew. */
  resetParameters(rng: Rng): void {
    for (const part of [this.edgeEncoder, ...this.preNns, ...this.postNns, this.lin])
      if (part !== null) redraw(part, rng);
  }

  /** @returns `[node, out]` */
  forward(graph: ConvGraph): Tensor2D {
    const { inChannels, outChannels, towers, divideInput, edgeEncoder, preNns, postNns, lin } = this;
    const caller = `PNAConv(${inChannels}, ${outChannels})`;
    const { source: x, edges, size } = endsOf(caller, graph, inChannels);
    const { edgeAttr } = graph;
    if (edgeEncoder !== null && edgeAttr === undefined)
      throw new OptionError(caller, "edgeAttr", "undefined", `[edge, ${edgeEncoder.inFeatures}]`);
    if (edgeEncoder !== null && edgeAttr !== undefined)
      checkShape(caller, "edgeAttr", edgeAttr, [edges.length, edgeEncoder.inFeatures]);
    return tidy(() => {
      const width = divideInput ? inChannels / towers : inChannels;
      const own = (tower: number): Tensor2D =>
        divideInput ? slice(x, [0, tower * width], [size, width]) : x;
      const ofEdges = edgeEncoder === null || edgeAttr === undefined ? [] : [edgeEncoder.forward(edgeAttr)];
      const sent = preNns.map((nn, tower) => {
        const part = own(tower);
        const ends = concat([gatherRows(part, edges.target), gatherRows(part, edges.source), ...ofEdges], 1);
        return nn.forward(ends as never) as Tensor2D; // [edge, width]
      });
      const messages = observed(stack(sent, 1) as Tensor3D, edges, this.messages); // [edge, tower, width]
      const received = this.aggrModule.reduce(messages, messageGroups(edges), size) as Tensor3D;
      const outs = postNns.map((nn, tower) => {
        const collected = reshape<Rank.R2>(slice(received, [0, tower, 0], [size, 1, received.shape[2]]), [
          size,
          received.shape[2],
        ]);
        return nn.forward(concat([own(tower), collected], 1) as never) as Tensor;
      });
      return lin.forward(concat(outs as Tensor2D[], 1)); // [node, out]
    });
  }
}

function layers(inChannels: number, outChannels: number, count: number, rng: Rng): RowNetwork {
  const all: (Linear | ReLU)[] = [new Linear(inChannels, outChannels, { rng })];
  for (let i = 1; i < count; i++) all.push(new ReLU(), new Linear(outChannels, outChannels, { rng }));
  return new Sequential(...all) as unknown as RowNetwork;
}
