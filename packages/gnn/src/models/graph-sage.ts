import { checkOptions, checkRng } from "@pellucid/core-train";
import type { Tensor2D } from "@tensorflow/tfjs-core";
import type { ConvGraph, MessagePassing } from "../conv/message-passing.ts";
import { SAGEConv, type SAGEConvOptions } from "../conv/sage-conv.ts";
import { BASIC_OPTIONS, BasicGnn, type BasicGnnOptions, type ModelGraph } from "./basic-gnn.ts";

/** Options for {@link GraphSage}. */
export interface GraphSageOptions extends BasicGnnOptions, SAGEConvOptions {}

/**
 * A network of {@link SAGEConv}: PyG's `GraphSAGE`.
 *
 * Hamilton et al., 2017. https://arxiv.org/abs/1706.02216
 */
export class GraphSage extends BasicGnn {
  constructor(inChannels: number, hiddenChannels: number, numLayers: number, options: GraphSageOptions) {
    checkRng("GraphSage", options);
    checkOptions("GraphSage", options, [
      ...BASIC_OPTIONS,
      "aggr",
      "normalize",
      "rootWeight",
      "project",
      "bias",
    ]);
    const { rng, aggr, normalize, rootWeight, project, bias } = options;
    const own = {
      rng,
      ...(aggr !== undefined && { aggr }),
      ...(normalize !== undefined && { normalize }),
      ...(rootWeight !== undefined && { rootWeight }),
      ...(project !== undefined && { project }),
      ...(bias !== undefined && { bias }),
    };
    super(
      "GraphSage",
      inChannels,
      hiddenChannels,
      numLayers,
      options,
      (from, to) => new SAGEConv(from, to, own) as MessagePassing,
    );
  }

  protected inputOf({ edgeIndex }: ModelGraph, x: Tensor2D): ConvGraph {
    return { x, edgeIndex };
  }
}
