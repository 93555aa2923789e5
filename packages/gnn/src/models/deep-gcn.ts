import {
  checkOptions,
  checkProbabilities,
  checkRng,
  checkSizes,
  dropout,
  isTraining,
  type Layer,
  LayerNorm,
  Linear,
  Module,
  relu,
  type Rng,
} from "@pellucid/core-train";
import { type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { GENConv } from "../conv/gen-conv.ts";
import type { ConvGraph, MessagePassing } from "../conv/message-passing.ts";
import { DeepGCNLayer, type NodeMap } from "./deep-gcn-layer.ts";

/** Options for {@link DeepGcn}. */
export interface DeepGcnOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  /** The features of edges. Default: none take part. */
  readonly edgeDim?: number;
  /** Which part is dropped in training. Default: 0.1. */
  readonly dropout?: number;
}

/**
 * DeeperGCN: a linear map, then many {@link GENConv} with a learned softmax in blocks of the kind `"res+"`, then norm, ReLU and a linear map.
 *
 * Li et al., 2020. DeeperGCN: all you need to train deeper GCNs. https://arxiv.org/abs/2006.07739
 */
export class DeepGcn extends Module implements Layer<ConvGraph, Tensor2D> {
  readonly dropout: number;
  readonly rng: Rng;
  readonly nodeEncoder: Linear;
  readonly edgeEncoder: Linear | null;
  readonly layers: readonly DeepGCNLayer[];
  readonly lin: Linear;

  constructor(
    inChannels: number,
    hiddenChannels: number,
    outChannels: number,
    numLayers: number,
    options: DeepGcnOptions,
  ) {
    super();
    checkRng("DeepGcn", options);
    checkOptions("DeepGcn", options, ["rng", "edgeDim", "dropout"]);
    const { rng, edgeDim, dropout: p = 0.1 } = options;
    checkSizes("DeepGcn", { inChannels, hiddenChannels, outChannels, numLayers, edgeDim: edgeDim ?? 1 });
    checkProbabilities("DeepGcn", { dropout: p });
    this.dropout = p;
    this.rng = rng;
    this.nodeEncoder = new Linear(inChannels, hiddenChannels, { rng });
    this.edgeEncoder = edgeDim === undefined ? null : new Linear(edgeDim, hiddenChannels, { rng });
    this.layers = Array.from({ length: numLayers }, () => {
      const conv = new GENConv(hiddenChannels, hiddenChannels, { rng, learnT: true, norm: "layer" });
      return new DeepGCNLayer(
        conv as MessagePassing,
        new LayerNorm(hiddenChannels) as unknown as NodeMap,
        relu,
        {
          rng,
          dropout: p,
        },
      );
    });
    this.lin = new Linear(hiddenChannels, outChannels, { rng });
  }

  /** @returns `[node, out]` */
  forward(graph: ConvGraph): Tensor2D {
    const { nodeEncoder, edgeEncoder, layers, lin, rng } = this;
    const [first, ...rest] = layers as readonly [DeepGCNLayer, ...DeepGCNLayer[]];
    return tidy(() => {
      const { edgeIndex } = graph;
      const edgeAttr =
        edgeEncoder === null || graph.edgeAttr === undefined
          ? undefined
          : edgeEncoder.forward(graph.edgeAttr);
      let x = first.conv.forward({ x: nodeEncoder.forward(graph.x), edgeIndex, edgeAttr });
      for (const layer of rest) x = layer.forward({ x, edgeIndex, edgeAttr });
      const active = relu((first.norm as NodeMap).forward(x));
      return lin.forward(isTraining(this) ? dropout(active, this.dropout, { rng }) : active);
    });
  }
}
