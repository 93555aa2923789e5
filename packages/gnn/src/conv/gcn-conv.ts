import {
  checkOptions,
  checkRng,
  checkSizes,
  type Linear,
  OptionError,
  type Parameter,
  type Rng,
} from "@pellucid/core-train";
import { add, type Rank, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { column } from "../propagate/segment.ts";
import { sendSum } from "../propagate/send.ts";
import { glorot, redrawLinear } from "../redraw.ts";
import { gcnNorm } from "./gcn-norm.ts";
import { glorotLinear, zeroBias } from "./glorot-linear.ts";
import { type ConvGraph, endsOf, MessagePassing } from "./message-passing.ts";

/** Options for {@link GCNConv}. */
export interface GCNConvOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Whether a new self-loop weighs 2; as in PyG 2.8 only where the edges have weights. Default: false. */
  readonly improved?: boolean;
  /** Whether nodes without a self-loop get one. Default: as `normalize`. */
  readonly addSelfLoops?: boolean;
  /** Whether weights are divided by the roots of degrees. Default: true. */
  readonly normalize?: boolean;
  /** Whether to add `b`. Default: true. */
  readonly bias?: boolean;
}

/**
 * Graph convolution: `D^(-1/2) (A + I) D^(-1/2) X W + b`.
 *
 * Kipf and Welling, 2017, eq. 2. https://arxiv.org/abs/1609.02907
 *
 * A self-loop that is there keeps its weight, and of several of a node only the last counts. A negative sum of weights gives NaN.
 */
export class GCNConv extends MessagePassing {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly improved: boolean;
  readonly addSelfLoops: boolean;
  readonly normalize: boolean;
  /** `[out]` */
  readonly bias: Parameter<Rank.R1> | null;
  readonly lin: Linear;

  constructor(inChannels: number, outChannels: number, options: GCNConvOptions) {
    super();
    checkRng("GCNConv", options);
    checkOptions("GCNConv", options, ["rng", "improved", "addSelfLoops", "normalize", "bias"]);
    checkSizes("GCNConv", { inChannels, outChannels });
    const { rng, improved = false, normalize = true, addSelfLoops = normalize, bias = true } = options;
    if (addSelfLoops && !normalize)
      throw new OptionError("GCNConv", "addSelfLoops", true, "false where normalize is false");
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.improved = improved;
    this.addSelfLoops = addSelfLoops;
    this.normalize = normalize;
    this.lin = glorotLinear(inChannels, outChannels, rng);
    this.bias = zeroBias(outChannels, bias);
    this.resetParameters(rng);
  }

  /** Draws the weight anew. */
  resetParameters(rng: Rng): void {
    redrawLinear(this.lin, rng, glorot);
  }

  /** @returns `[node, out]` */
  forward(graph: ConvGraph): Tensor2D {
    const { inChannels, outChannels, normalize, bias } = this;
    const {
      source,
      edges: given,
      size,
    } = endsOf(`GCNConv(${inChannels}, ${outChannels})`, graph, inChannels);
    return tidy(() => {
      const { edges, weight } = normalize
        ? gcnNorm(given, graph.edgeWeight, size, this)
        : { edges: given, weight: graph.edgeWeight === undefined ? null : column(graph.edgeWeight) };
      const sums = sendSum(this.lin.forward(source), weight, edges, size, this.messages); // [node, out]
      return bias === null ? sums : add(sums, bias);
    });
  }
}
