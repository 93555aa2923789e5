import {
  checkFinite,
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  type Layer,
  Module,
  tidyLeaves,
} from "@pellucid/core-train";
import type { Tensor, Tensor2D } from "@tensorflow/tfjs-core";
import { GraphConv } from "../conv/graph-conv.ts";
import type { ConvGraph } from "../conv/message-passing.ts";
import type { Graph } from "../graph/graph.ts";
import { redraw } from "../redraw.ts";
import type { PooledGraph } from "./filter-graph.ts";
import { SelectTopK } from "./select-top-k.ts";
import { keepBest, type TopKPoolingOptions } from "./top-k-pooling.ts";

/** Options for {@link SAGPooling}. */
export interface SAGPoolingOptions extends TopKPoolingOptions {
  /** Makes the layer that scores nodes, from features to one number. Default: {@link GraphConv}. */
  readonly gnn?: (inChannels: number, rng: TopKPoolingOptions["rng"]) => Module & Layer<ConvGraph, Tensor>;
}

/**
 * Keeps the nodes of each graph with the highest scores, which a graph convolution computes, so that they depend on the structure too. Weights of edges are kept, but do not count for the scores, as in PyG.
 *
 * Lee, Lee and Kang, 2019. Self-attention graph pooling. https://arxiv.org/abs/1904.08082
 */
export class SAGPooling extends Module implements Layer<Graph, PooledGraph> {
  readonly inChannels: number;
  readonly multiplier: number;
  readonly gnn: Module & Layer<ConvGraph, Tensor>;
  readonly select: SelectTopK;

  constructor(inChannels: number, options: SAGPoolingOptions) {
    super();
    checkRng("SAGPooling", options);
    checkOptions("SAGPooling", options, ["rng", "ratio", "minScore", "nonlinearity", "multiplier", "gnn"]);
    checkSizes("SAGPooling", { inChannels });
    const { rng, multiplier = 1, gnn = (size) => new GraphConv(size, 1, { rng }), ...select } = options;
    checkFinite("SAGPooling", { multiplier });
    this.inChannels = inChannels;
    this.multiplier = multiplier;
    this.select = new SelectTopK(1, { ...select, rng });
    this.gnn = gnn(inChannels, rng);
    redraw(this.gnn, rng);
    redraw(this.select, rng);
  }

  /** @returns the graph of the nodes that are kept */
  forward(graph: Graph): PooledGraph {
    checkShape(`SAGPooling(${this.inChannels})`, "x", graph.x, ["node", this.inChannels]);
    return tidyLeaves(() => {
      const scores = this.gnn.forward({ x: graph.x, edgeIndex: graph.edgeIndex }) as Tensor2D; // [node, 1]
      return keepBest("SAGPooling", graph, scores, this.select, this.multiplier);
    });
  }
}
