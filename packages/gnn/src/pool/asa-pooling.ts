import {
  checkOptions,
  checkPositive,
  checkProbabilities,
  checkRng,
  checkShape,
  checkSizes,
  dropout,
  isTraining,
  type Layer,
  leakyRelu,
  Linear,
  Module,
  noGrad,
  type Rng,
  sigmoid,
  tidyLeaves,
} from "@pellucid/core-train";
import {
  concat,
  mul,
  ones,
  reshape,
  tensor1d,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from "@tensorflow/tfjs-core";
import type { ConvGraph } from "../conv/message-passing.ts";
import { edgeIndexOf } from "../graph/edge-index.ts";
import { EdgeList, edgesOf } from "../graph/edge-list.ts";
import type { Edges, Graph } from "../graph/graph.ts";
import { addRemainingSelfLoops, removeSelfLoops } from "../graph/self-loops.ts";
import { gatherRows } from "../propagate/gather-rows.ts";
import { scatter, scatterSoftmax } from "../propagate/scatter.ts";
import { redraw } from "../redraw.ts";
import { batchOfKept } from "./filter-graph.ts";
import { batchOfNodes, graphCount } from "./graph-pools.ts";
import { syncValues } from "./sync-values.ts";
import { LEConv } from "./le-conv.ts";
import { SelectTopK } from "./select-top-k.ts";
import { sparseMatMul, transposed } from "./sparse-mat-mul.ts";

/** Options for {@link ASAPooling}. */
export interface ASAPoolingOptions {
  /** Random generator for initialization, and for dropout. */
  readonly rng: Rng;
  /** Below 1, which share of the clusters of each graph is kept; from 1 on, how many. Default: 0.5. */
  readonly ratio?: number;
  /** Makes a layer that the features go through before clusters attend to their nodes. Default: none. */
  readonly gnn?: (channels: number, rng: Rng) => Module & Layer<ConvGraph, Tensor>;
  /** The probability that a node is dropped from a cluster in training. Default: 0. */
  readonly dropout?: number;
  /** The negative part of the leaky ReLU. Default: 0.2. */
  readonly negativeSlope?: number;
  /** Whether the clusters get edges to themselves. Default: false. */
  readonly addSelfLoops?: boolean;
}

/** A graph of clusters. */
export interface ClusteredGraph extends Edges {
  /** `[cluster, feature]` */
  readonly x: Tensor2D;
  /** int32 `[cluster]` */
  readonly batch: Tensor1D;
  readonly numGraphs: number;
  /** The node about which each cluster is, int32 `[cluster]`. */
  readonly perm: Tensor1D;
}

/**
 * Each node is the center of a cluster of its neighbors, to which it attends; the fittest clusters are kept, and joined where their nodes are: `A′ = Sᵀ A S`.
 *
 * As in PyG the new edges have weights only if the given ones do.
 *
 * Ranjan, Sanyal and Talukdar, 2020. ASAP: adaptive structure aware pooling. https://arxiv.org/abs/1911.07979
 */
export class ASAPooling extends Module implements Layer<Graph, ClusteredGraph> {
  readonly inChannels: number;
  readonly negativeSlope: number;
  readonly dropout: number;
  readonly addSelfLoops: boolean;
  readonly lin: Linear;
  readonly att: Linear;
  readonly gnnScore: LEConv;
  readonly gnnIntraCluster: (Module & Layer<ConvGraph, Tensor>) | null;
  readonly select: SelectTopK;
  readonly #rng: Rng;

  constructor(inChannels: number, options: ASAPoolingOptions) {
    super();
    checkRng("ASAPooling", options);
    checkOptions("ASAPooling", options, ["rng", "ratio", "gnn", "dropout", "negativeSlope", "addSelfLoops"]);
    checkSizes("ASAPooling", { inChannels });
    const { rng, ratio = 0.5, gnn, dropout: p = 0, negativeSlope = 0.2, addSelfLoops = false } = options;
    checkPositive("ASAPooling", { ratio });
    checkProbabilities("ASAPooling", { dropout: p });
    this.inChannels = inChannels;
    this.negativeSlope = negativeSlope;
    this.dropout = p;
    this.addSelfLoops = addSelfLoops;
    this.lin = new Linear(inChannels, inChannels, { rng });
    this.att = new Linear(2 * inChannels, 1, { rng });
    this.gnnScore = new LEConv(inChannels, 1, { rng });
    this.gnnIntraCluster = gnn?.(inChannels, rng) ?? null;
    this.select = new SelectTopK(1, { rng, ratio });
    for (const part of [this.lin, this.att, this.gnnScore, this.gnnIntraCluster, this.select])
      if (part !== null) redraw(part, rng);
    this.#rng = rng;
  }

  forward(graph: Graph): ClusteredGraph {
    const { inChannels, lin, att, negativeSlope, gnnScore, gnnIntraCluster, select } = this;
    checkShape(`ASAPooling(${inChannels})`, "x", graph.x, ["node", inChannels]);
    const numGraphs = graphCount("ASAPooling", graph);
    const nodes = graph.x.shape[0];
    return tidyLeaves(() => {
      const { edgeIndex, edgeWeight } = addRemainingSelfLoops(
        { edgeIndex: graph.edgeIndex, edgeWeight: graph.edgeWeight },
        { numNodes: nodes },
      );
      const edges = edgesOf(edgeIndex);
      const target = tensor1d(edges.target, "int32");
      const inner = gnnIntraCluster?.forward({ x: graph.x, edgeIndex, edgeWeight }) ?? graph.x;
      const sent = gatherRows(inner as Tensor2D, edges.source); //                                      [edge, feature]
      const query = lin.forward(scatter(sent, target, { size: nodes, reduce: "max" })); //              [node, feature]
      const raw = att.forward(concat([gatherRows(query, edges.target), sent], 1)); //                   [edge, 1]
      const leaky = leakyRelu(reshape<Tensor1D["rankType"]>(raw, [edges.length]), { negativeSlope });
      const attention = scatterSoftmax(leaky, target, { size: nodes }); //                              [edge]
      const score =
        isTraining(this) && this.dropout > 0
          ? dropout(attention, this.dropout, { rng: this.#rng })
          : attention;
      const weighted = mul(gatherRows(graph.x, edges.source), reshape(score, [edges.length, 1])) as Tensor2D;
      const clusters = scatter(weighted, target, { size: nodes }); //                                   [node, feature]
      const fitness = sigmoid(gnnScore.forward({ x: clusters, edgeIndex })); //                         [node, 1]
      const batch = batchOfNodes(graph);
      const kept = select.forward(fitness, batch, numGraphs).nodes;
      const ones1 = ones<Tensor1D["rankType"]>([edges.length]);
      const coarse = joinClusters(edges, edgeWeight ?? ones1, score, kept, nodes);
      const found = {
        edgeIndex: edgeIndexOf(coarse.list),
        ...(edgeWeight !== undefined && { edgeWeight: coarse.values }),
      };
      return {
        ...(this.addSelfLoops
          ? addRemainingSelfLoops(found, { numNodes: kept.length })
          : removeSelfLoops(found)),
        x: mul(gatherRows(clusters, kept), gatherRows(fitness, kept)) as Tensor2D, //                   [cluster, feature]
        batch: batchOfKept(
          noGrad(() => syncValues(batch)),
          kept,
        ),
        numGraphs,
        perm: tensor1d(kept, "int32"),
      };
    });
  }
}

/** `Sᵀ A S`: `S` has a column for each cluster that is kept, with the attention of its center to its nodes. */
function joinClusters(edges: EdgeList, weights: Tensor1D, score: Tensor1D, kept: Int32Array, nodes: number) {
  const position = new Map(Array.from(kept, (v, i) => [v, i]));
  const own = Int32Array.from(edges.target.keys()).filter((e) => position.has(edges.target[e] ?? NaN));
  const assignment = {
    list: new EdgeList(
      Int32Array.from(own, (e) => edges.source[e] ?? NaN),
      Int32Array.from(own, (e) => position.get(edges.target[e] ?? NaN) as number),
    ),
    values: gatherRows(score, own),
  };
  const product = sparseMatMul({ list: edges, values: weights }, assignment, nodes);
  return sparseMatMul(transposed(assignment), product, nodes);
}
