import { checkOptions, checkRng, checkSizes, Linear, type Rng } from "@pellucid/core-train";
import { add, mul, reshape, sub, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { type ConvGraph, MessagePassing } from "../conv/message-passing.ts";
import { propagate } from "../propagate/propagate.ts";
import { redraw } from "../redraw.ts";

/** Options for {@link LEConv}. */
export interface LEConvOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Whether the first and the third map have a bias. Default: true. */
  readonly bias?: boolean;
}

/**
 * A convolution that finds local extrema: `Σ w (xⱼ W₁ − xᵢ W₂) + xᵢ W₃`.
 *
 * Ranjan, Sanyal and Talukdar, 2020, equation 6. https://arxiv.org/abs/1911.07979
 */
export class LEConv extends MessagePassing {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly lin1: Linear;
  readonly lin2: Linear;
  readonly lin3: Linear;

  constructor(inChannels: number, outChannels: number, options: LEConvOptions) {
    super();
    checkRng("LEConv", options);
    checkOptions("LEConv", options, ["rng", "bias"]);
    checkSizes("LEConv", { inChannels, outChannels });
    const { rng, bias = true } = options;
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.lin1 = new Linear(inChannels, outChannels, { rng, bias });
    this.lin2 = new Linear(inChannels, outChannels, { rng, bias: false });
    this.lin3 = new Linear(inChannels, outChannels, { rng, bias });
    this.resetParameters(rng);
  }

  /** Draws the weights anew. */
  resetParameters(rng: Rng): void {
    for (const lin of [this.lin1, this.lin2, this.lin3]) redraw(lin, rng);
  }

  /** @returns `[node, out]` */
  forward(graph: ConvGraph): Tensor2D {
    const { edgeIndex, edgeWeight, x } = graph;
    const { lin1, lin2, lin3, messages } = this;
    return tidy(() => {
      const edges = { edgeIndex, ...(edgeWeight !== undefined && { edgeWeight }) };
      const sums = propagate(
        { ...edges, x: [lin1.forward(x), lin2.forward(x)] },
        { message: difference, messages },
      );
      return add(sums, lin3.forward(x)) as Tensor2D; // [node, out]
    });
  }
}

const difference: NonNullable<NonNullable<Parameters<typeof propagate>[1]>["message"]> = ({
  xi,
  xj,
  edgeWeight,
}) => {
  const sent = sub(xj, xi); // [edge, out]
  return edgeWeight === undefined ? sent : mul(sent, reshape(edgeWeight, [edgeWeight.size, 1]));
};
