import { checkOptions, checkRng } from "@pellucid/core-train";
import type { Tensor2D } from "@tensorflow/tfjs-core";
import { aggregationOf } from "../aggr/aggregation-of.ts";
import { EdgeConv, type EdgeConvOptions } from "../conv/edge-conv.ts";
import type { ConvGraph, MessagePassing } from "../conv/message-passing.ts";
import { BASIC_OPTIONS, BasicGnn, type BasicGnnOptions, type ModelGraph } from "./basic-gnn.ts";
import { MLP } from "./mlp.ts";

/** Options for {@link EdgeCnn}. */
export interface EdgeCnnOptions extends BasicGnnOptions, EdgeConvOptions {}

/**
 * A network of {@link EdgeConv} with two linear layers each: PyG's `EdgeCNN`.
 *
 * Wang et al., 2019. https://arxiv.org/abs/1801.07829
 */
export class EdgeCnn extends BasicGnn {
  constructor(inChannels: number, hiddenChannels: number, numLayers: number, options: EdgeCnnOptions) {
    checkRng("EdgeCnn", options);
    checkOptions("EdgeCnn", options, [...BASIC_OPTIONS, "aggr"]);
    const { rng, aggr = "max", norm = null, act, actFirst = false } = options;
    aggregationOf("EdgeCnn", aggr); // refuses unknown names before anything is made
    super("EdgeCnn", inChannels, hiddenChannels, numLayers, options, (from, to) => {
      const mlp = new MLP([2 * from, to, to], { rng, norm, actFirst, ...(act !== undefined && { act }) });
      return new EdgeConv(mlp, { rng, aggr }) as MessagePassing;
    });
  }

  protected inputOf({ edgeIndex }: ModelGraph, x: Tensor2D): ConvGraph {
    return { x, edgeIndex };
  }
}
