import { checkFinite, checkOptions, checkRng } from "@pellucid/core-train";
import type { Tensor2D } from "@tensorflow/tfjs-core";
import { GINConv, type GINConvOptions } from "../conv/gin-conv.ts";
import type { ConvGraph, MessagePassing } from "../conv/message-passing.ts";
import { BASIC_OPTIONS, BasicGnn, type BasicGnnOptions, type ModelGraph } from "./basic-gnn.ts";
import { MLP } from "./mlp.ts";

/** Options for {@link Gin}. */
export interface GinOptions extends BasicGnnOptions, GINConvOptions {}

/**
 * A network of {@link GINConv} with two linear layers each: PyG's `GIN`.
 *
 * Xu et al., 2019. https://arxiv.org/abs/1810.00826
 */
export class Gin extends BasicGnn {
  constructor(inChannels: number, hiddenChannels: number, numLayers: number, options: GinOptions) {
    checkRng("Gin", options);
    checkOptions("Gin", options, [...BASIC_OPTIONS, "eps", "trainEps"]);
    const { rng, eps = 0, trainEps = false, norm = null, act, actFirst = false } = options;
    checkFinite("Gin", { eps });
    super("Gin", inChannels, hiddenChannels, numLayers, options, (from, to) => {
      const mlp = new MLP([from, to, to], { rng, norm, actFirst, ...(act !== undefined && { act }) });
      return new GINConv(mlp, { rng, eps, trainEps }) as MessagePassing;
    });
  }

  protected inputOf({ edgeIndex }: ModelGraph, x: Tensor2D): ConvGraph {
    return { x, edgeIndex };
  }
}
