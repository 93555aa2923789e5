import { checkOptions } from "@pellucid/core-train";
import { type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { column } from "../propagate/segment.ts";
import { sendSum } from "../propagate/send.ts";
import { gcnNorm } from "./gcn-norm.ts";
import { type ConvGraph, endsOf, MessagePassing } from "./message-passing.ts";

/** Options for {@link LGConv}. */
export interface LGConvOptions {
  /** Whether weights are divided by the roots of degrees. Default: true. */
  readonly normalize?: boolean;
}

/**
 * The convolution of {@link LightGcn}: `D^(-1/2) A D^(-1/2) X`, without weights and self-loops.
 *
 * He et al., 2020. LightGCN. https://arxiv.org/abs/2002.02126
 */
export class LGConv extends MessagePassing {
  readonly normalize: boolean;

  constructor(options: LGConvOptions = {}) {
    super();
    checkOptions("LGConv", options, ["normalize"]);
    this.normalize = options.normalize ?? true;
  }

  /** @returns the shape of `x` */
  forward(graph: ConvGraph): Tensor2D {
    const { source, edges, size } = endsOf("LGConv", graph, graph.x.shape[1]);
    return tidy(() => {
      const own = graph.edgeWeight === undefined ? null : column(graph.edgeWeight);
      const weight = this.normalize
        ? gcnNorm(edges, graph.edgeWeight, size, { addSelfLoops: false }).weight
        : own;
      return sendSum(source, weight, edges, size, this.messages);
    });
  }
}
