import { checkOptions, checkRng, checkSizes, OptionError } from "@pellucid/core-train";
import type { Tensor2D } from "@tensorflow/tfjs-core";
import { GATConv, type GATConvOptions } from "../conv/gat-conv.ts";
import { GATv2Conv, type GATv2ConvOptions } from "../conv/gatv2-conv.ts";
import type { ConvGraph, MessagePassing } from "../conv/message-passing.ts";
import { BASIC_OPTIONS, BasicGnn, type BasicGnnOptions, type ModelGraph } from "./basic-gnn.ts";

/** Options for {@link Gat}. `dropout` also drops attention weights. */
export interface GatOptions extends BasicGnnOptions, Omit<GATv2ConvOptions, "rng" | "dropout"> {
  /** Whether layers are {@link GATv2Conv} rather than {@link GATConv}. Default: false. */
  readonly v2?: boolean;
}

/**
 * A graph attention network: PyG's `GAT`. The heads of a layer together have its features; those of the last layer, where `outChannels` is
 * given, are averaged.
 *
 * Veličković et al., 2018. https://arxiv.org/abs/1710.10903
 */
export class Gat extends BasicGnn {
  constructor(inChannels: number, hiddenChannels: number, numLayers: number, options: GatOptions) {
    checkRng("Gat", options);
    checkOptions("Gat", options, [
      ...BASIC_OPTIONS,
      "v2",
      "heads",
      "concat",
      "negativeSlope",
      "addSelfLoops",
      "edgeDim",
      "fillValue",
      "bias",
      "residual",
      "shareWeights",
    ]);
    const { v2 = false, heads = 1, concat = true } = options;
    checkSizes("Gat", { heads, hiddenChannels });
    if (concat && hiddenChannels % heads !== 0)
      throw new OptionError("Gat", "heads", heads, `a divisor of ${hiddenChannels}`);
    super("Gat", inChannels, hiddenChannels, numLayers, options, (from, to, { isOut }) => {
      const sideBySide = concat && !isOut;
      const own = { ...convOptions(options), concat: sideBySide };
      const channels = sideBySide ? to / heads : to;
      return (v2 ? new GATv2Conv(from, channels, own) : new GATConv(from, channels, own)) as MessagePassing;
    });
  }

  protected inputOf({ edgeIndex, edgeAttr }: ModelGraph, x: Tensor2D): ConvGraph {
    return { x, edgeIndex, edgeAttr };
  }
}

const OWN = new Set<string>([...BASIC_OPTIONS.filter((name) => name !== "rng" && name !== "dropout"), "v2"]);

/** The options that are the convolutions'. */
function convOptions(options: GatOptions): GATConvOptions {
  return Object.fromEntries(
    Object.entries(options).filter(([name]) => !OWN.has(name)),
  ) as unknown as GATConvOptions;
}
