import { checkOptions, checkRng, checkSizes, Linear, type Rng } from "@pellucid/core-train";
import { type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { sendSum } from "../propagate/send.ts";
import { redraw } from "../redraw.ts";
import { gcnNorm } from "./gcn-norm.ts";
import { type ConvGraph, endsOf, MessagePassing } from "./message-passing.ts";

/** Options for {@link SGConv}. */
export interface SGConvOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** How many steps. Default: 1. */
  readonly K?: number;
  /** Whether nodes without a self-loop get one. Default: true. */
  readonly addSelfLoops?: boolean;
  /** Whether to add `b`. Default: true. */
  readonly bias?: boolean;
}

/**
 * Simplified graph convolution: `(D^(-1/2) (A + I) D^(-1/2))^K X W + b`.
 *
 * Wu et al., 2019. https://arxiv.org/abs/1902.07153
 */
export class SGConv extends MessagePassing {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly K: number;
  readonly addSelfLoops: boolean;
  readonly lin: Linear;

  constructor(inChannels: number, outChannels: number, options: SGConvOptions) {
    super();
    checkRng("SGConv", options);
    checkOptions("SGConv", options, ["rng", "K", "addSelfLoops", "bias"]);
    const { rng, K = 1, addSelfLoops = true, bias = true } = options;
    checkSizes("SGConv", { inChannels, outChannels, K });
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.K = K;
    this.addSelfLoops = addSelfLoops;
    this.lin = new Linear(inChannels, outChannels, { rng, bias });
    this.resetParameters(rng);
  }

  /** Draws the weights anew. */
  resetParameters(rng: Rng): void {
    redraw(this.lin, rng);
  }

  /** @returns `[node, out]` */
  forward(graph: ConvGraph): Tensor2D {
    const { inChannels, outChannels, K } = this;
    const { source, edges: given, size } = endsOf(`SGConv(${inChannels}, ${outChannels})`, graph, inChannels);
    return tidy(() => {
      const { edges, weight } = gcnNorm(given, graph.edgeWeight, size, this);
      let x = source;
      for (let step = 0; step < K; step++) x = sendSum(x, weight, edges, size, this.messages);
      return this.lin.forward(x); // [node, out]
    });
  }
}
