import {
  checkArguments,
  checkOptions,
  checkPositive,
  checkRng,
  checkShape,
  checkSizes,
  init,
  initialize,
  Linear,
  type Rng,
} from "@pellucid/core-train";
import { add, cos, mul, type Tensor1D, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import type { RowNetwork } from "../aggr/attentional-aggregation.ts";
import { gatherRows } from "../propagate/gather-rows.ts";
import { messageGroups } from "../propagate/groups.ts";
import { column, segmentSum } from "../propagate/segment.ts";
import { observed } from "../propagate/send.ts";
import { type ConvGraph, endsOf, MessagePassing } from "./message-passing.ts";

/** Options for {@link CFConv}. */
export interface CFConvOptions {
  /** Random generator for initialization; `nn` keeps its weights. */
  readonly rng: Rng;
}

/** Points, which are joined within the cutoff. */
export interface PointGraph extends ConvGraph {
  /** The distances of both ends: `[edge]` */
  readonly edgeWeight: Tensor1D;
  /** What the filters are made of: `[edge, feature]` */
  readonly edgeAttr: Tensor2D;
}

/**
 * A continuous filter: `W₂ Σ (W₁ xⱼ) ⊙ nn(eⱼᵢ) · ½ (cos(π dⱼᵢ / cutoff) + 1) + b`, so that what a neighbor sends fades to 0 at the cutoff.
 *
 * Schütt et al., 2017. SchNet: a continuous-filter convolutional neural network. https://arxiv.org/abs/1706.08566
 */
export class CFConv extends MessagePassing<PointGraph> {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly numFilters: number;
  readonly cutoff: number;
  readonly lin1: Linear;
  readonly lin2: Linear;
  readonly nn: RowNetwork;

  /** @param nn maps `[edge, feature]` to `[edge, filter]` */
  constructor(
    inChannels: number,
    outChannels: number,
    numFilters: number,
    nn: RowNetwork,
    cutoff: number,
    options: CFConvOptions,
  ) {
    super();
    checkArguments("CFConv", { module: { nn } });
    checkRng("CFConv", options);
    checkOptions("CFConv", options, ["rng"]);
    checkSizes("CFConv", { inChannels, outChannels, numFilters });
    checkPositive("CFConv", { cutoff });
    const { rng } = options;
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.numFilters = numFilters;
    this.cutoff = cutoff;
    this.lin1 = new Linear(inChannels, numFilters, { rng, bias: false });
    this.lin2 = new Linear(numFilters, outChannels, { rng });
    this.nn = nn;
    this.resetParameters(rng);
  }

  /** Draws the weights anew, but not those of `nn`. */
  resetParameters(rng: Rng): void {
    initialize(this.lin1, "weight", init.xavierUniform(), rng);
    redrawWithoutBias(this.lin2, rng);
  }

  /** @returns `[node, out]` */
  forward(graph: PointGraph): Tensor2D {
    const { inChannels, outChannels, numFilters, cutoff, lin1, lin2 } = this;
    const caller = `CFConv(${inChannels}, ${outChannels}, ${numFilters})`;
    const { source, edges, size } = endsOf(caller, graph, inChannels);
    const { edgeWeight, edgeAttr } = graph;
    checkShape(caller, "edgeWeight", edgeWeight, [edges.length], "Give the distances of both ends.");
    checkShape(caller, "edgeAttr", edgeAttr, [edges.length, "feature"]);
    return tidy(() => {
      const fade = mul(add(cos(mul(edgeWeight, Math.PI / cutoff)), 1), 0.5) as Tensor1D; // [edge]
      const filters = mul(this.nn.forward(edgeAttr as never), column(fade)); // [edge, filter]
      checkShape(caller, "nn(edgeAttr)", filters, [edges.length, numFilters]);
      const sent = mul<Tensor2D>(gatherRows(lin1.forward(source), edges.source), filters); // [edge, filter]
      return lin2.forward(segmentSum(observed(sent, edges, this.messages), messageGroups(edges), size)); // [node, out]
    });
  }
}

/** Draws a linear layer anew as PyG's SchNet does: Glorot's uniform weight, a bias of zeros. */
export function redrawWithoutBias(linear: Linear, rng: Rng): void {
  initialize(linear, "weight", init.xavierUniform(), rng);
  initialize(linear, "bias", init.zeros(), rng);
}
