import {
  checkFinite,
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  type Layer,
  Module,
  noGrad,
  tidyLeaves,
} from "@pellucid/core-train";
import { mul, reshape, tensor1d, type Tensor2D } from "@tensorflow/tfjs-core";
import type { Graph } from "../graph/graph.ts";
import { gatherRows } from "../propagate/gather-rows.ts";
import { batchOfKept, filterEdges, type PooledGraph } from "./filter-graph.ts";
import { batchOfNodes, graphCount } from "./graph-pools.ts";
import { syncValues } from "./sync-values.ts";
import { type SelectOptions, SelectTopK } from "./select-top-k.ts";

/** Options for {@link TopKPooling}. */
export interface TopKPoolingOptions extends SelectOptions {
  /** What the features are multiplied by in the end. Default: 1. */
  readonly multiplier?: number;
}

/**
 * Keeps the nodes of each graph with the highest scores `tanh(x p / ‖p‖)` and multiplies their features by them. A `ratio` of 1 keeps one node, as in PyG.
 *
 * Gao and Ji, 2019. Graph U-Nets. https://arxiv.org/abs/1905.05178; Cangea et al., 2018. https://arxiv.org/abs/1811.01287
 */
export class TopKPooling extends Module implements Layer<Graph, PooledGraph> {
  readonly inChannels: number;
  readonly multiplier: number;
  readonly select: SelectTopK;

  constructor(inChannels: number, options: TopKPoolingOptions) {
    super();
    checkRng("TopKPooling", options);
    checkOptions("TopKPooling", options, ["rng", "ratio", "minScore", "nonlinearity", "multiplier"]);
    checkSizes("TopKPooling", { inChannels });
    const { multiplier = 1, ...select } = options;
    checkFinite("TopKPooling", { multiplier });
    this.inChannels = inChannels;
    this.multiplier = multiplier;
    this.select = new SelectTopK(inChannels, select);
    this.select.resetParameters(options.rng);
  }

  /** @returns the graph of the nodes that are kept */
  forward(graph: Graph): PooledGraph {
    checkShape(`TopKPooling(${this.inChannels})`, "x", graph.x, ["node", this.inChannels]);
    return keepBest("TopKPooling", graph, graph.x, this.select, this.multiplier);
  }
}

/** Keeps the nodes that are best by `by`, `[node, …]`, and multiplies their features by the scores. */
export function keepBest(
  caller: string,
  graph: Graph,
  by: Tensor2D,
  select: SelectTopK,
  multiplier: number,
): PooledGraph {
  const numGraphs = graphCount(caller, graph);
  return tidyLeaves(() => {
    const batch = batchOfNodes(graph);
    const { nodes, score } = select.forward(by, batch, numGraphs);
    const kept = mul(gatherRows(graph.x, nodes), reshape(score, [nodes.length, 1])) as Tensor2D; // [node, feature]
    return {
      ...filterEdges(caller, graph, nodes, graph.x.shape[0]),
      x: multiplier === 1 ? kept : (mul(kept, multiplier) as Tensor2D),
      batch: batchOfKept(
        noGrad(() => syncValues(batch)),
        nodes,
      ),
      numGraphs,
      perm: tensor1d(nodes, "int32"),
      score,
    };
  });
}
