import { checkOptions, checkRng } from "@pellucid/core-train";
import type { Tensor2D } from "@tensorflow/tfjs-core";
import { GCNConv, type GCNConvOptions } from "../conv/gcn-conv.ts";
import type { ConvGraph } from "../conv/message-passing.ts";
import { BASIC_OPTIONS, BasicGnn, type BasicGnnOptions, type ModelGraph } from "./basic-gnn.ts";

/** Options for {@link Gcn}. */
export interface GcnOptions extends BasicGnnOptions, GCNConvOptions {}

/**
 * A graph convolutional network, of {@link GCNConv}: PyG's `GCN`.
 *
 * Kipf and Welling, 2017. https://arxiv.org/abs/1609.02907
 */
export class Gcn extends BasicGnn {
  constructor(inChannels: number, hiddenChannels: number, numLayers: number, options: GcnOptions) {
    checkRng("Gcn", options);
    checkOptions("Gcn", options, [...BASIC_OPTIONS, "improved", "addSelfLoops", "normalize", "bias"]);
    const { rng, improved, addSelfLoops, normalize, bias } = options;
    const own = {
      rng,
      ...(improved !== undefined && { improved }),
      ...(addSelfLoops !== undefined && { addSelfLoops }),
      ...(normalize !== undefined && { normalize }),
      ...(bias !== undefined && { bias }),
    };
    super("Gcn", inChannels, hiddenChannels, numLayers, options, (from, to) => new GCNConv(from, to, own));
  }

  protected inputOf({ edgeIndex, edgeWeight }: ModelGraph, x: Tensor2D): ConvGraph {
    return { x, edgeIndex, edgeWeight };
  }
}
