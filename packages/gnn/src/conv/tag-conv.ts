import { checkOptions, checkRng, checkSizes, Linear, type Parameter, type Rng } from "@pellucid/core-train";
import { add, type Rank, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { column } from "../propagate/segment.ts";
import { sendSum } from "../propagate/send.ts";
import { redraw } from "../redraw.ts";
import { gcnNorm } from "./gcn-norm.ts";
import { zeroBias } from "./glorot-linear.ts";
import { type ConvGraph, endsOf, MessagePassing } from "./message-passing.ts";

/** Options for {@link TAGConv}. */
export interface TAGConvOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** How many steps. Default: 3. */
  readonly K?: number;
  /** Whether to add `b`. Default: true. */
  readonly bias?: boolean;
  /** Whether weights are divided by the roots of degrees. Default: true. */
  readonly normalize?: boolean;
}

/**
 * Topology-adaptive convolution: `Σ (D^(-1/2) A D^(-1/2))^k X W_k + b` for `k` from 0 to `K`, without self-loops of its own.
 *
 * Du et al., 2017. https://arxiv.org/abs/1710.10370
 */
export class TAGConv extends MessagePassing {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly normalize: boolean;
  /** `[out]` */
  readonly bias: Parameter<Rank.R1> | null;
  readonly lins: readonly Linear[];

  constructor(inChannels: number, outChannels: number, options: TAGConvOptions) {
    super();
    checkRng("TAGConv", options);
    checkOptions("TAGConv", options, ["rng", "K", "bias", "normalize"]);
    const { rng, K = 3, bias = true, normalize = true } = options;
    checkSizes("TAGConv", { inChannels, outChannels });
    checkSizes("TAGConv", { K }, 0);
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.normalize = normalize;
    this.lins = Array.from(
      { length: K + 1 },
      () => new Linear(inChannels, outChannels, { rng, bias: false }),
    );
    this.bias = zeroBias(outChannels, bias);
    this.resetParameters(rng);
  }

  /** Draws the weights anew. */
  resetParameters(rng: Rng): void {
    for (const lin of this.lins) redraw(lin, rng);
  }

  /** @returns `[node, out]` */
  forward(graph: ConvGraph): Tensor2D {
    const { inChannels, outChannels, bias } = this;
    const { source, edges, size } = endsOf(`TAGConv(${inChannels}, ${outChannels})`, graph, inChannels);
    return tidy(() => {
      const own = graph.edgeWeight === undefined ? null : column(graph.edgeWeight);
      const weight = this.normalize
        ? gcnNorm(edges, graph.edgeWeight, size, { addSelfLoops: false }).weight
        : own;
      let x = source;
      const terms = this.lins.map((lin, k) => {
        if (k > 0) x = sendSum(x, weight, edges, size, this.messages);
        return lin.forward(x); // [node, out]
      });
      const total = terms.reduce((sum, term) => add(sum, term));
      return bias === null ? total : add(total, bias);
    });
  }
}
