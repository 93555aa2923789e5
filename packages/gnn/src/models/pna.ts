import { checkOptions, checkRng } from "@pellucid/core-train";
import type { Tensor2D } from "@tensorflow/tfjs-core";
import type { ConvGraph } from "../conv/message-passing.ts";
import { PNAConv, type PNAConvOptions } from "../conv/pna-conv.ts";
import { BASIC_OPTIONS, BasicGnn, type BasicGnnOptions, type ModelGraph } from "./basic-gnn.ts";

/** Options for {@link Pna}. */
export interface PnaOptions extends BasicGnnOptions, PNAConvOptions {}

/**
 * A network of {@link PNAConv}: PyG's `PNA`.
 *
 * Corso et al., 2020. https://arxiv.org/abs/2004.05718
 */
export class Pna extends BasicGnn {
  constructor(inChannels: number, hiddenChannels: number, numLayers: number, options: PnaOptions) {
    checkRng("Pna", options);
    checkOptions("Pna", options, [
      ...BASIC_OPTIONS,
      "aggregators",
      "scalers",
      "degrees",
      "edgeDim",
      "towers",
      "preLayers",
      "postLayers",
      "divideInput",
      "trainNorm",
    ]);
    const {
      outChannels: _,
      dropout: __,
      act: ___,
      actFirst: ____,
      norm: _____,
      jk: ______,
      ...own
    } = options;
    super("Pna", inChannels, hiddenChannels, numLayers, options, (from, to) => new PNAConv(from, to, own));
  }

  protected inputOf({ edgeIndex, edgeAttr }: ModelGraph, x: Tensor2D): ConvGraph {
    return { x, edgeIndex, edgeAttr };
  }
}
