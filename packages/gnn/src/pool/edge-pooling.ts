import {
  checkFinite,
  checkOptions,
  checkProbabilities,
  checkRng,
  checkShape,
  checkSizes,
  dropout,
  init,
  initialize,
  isTraining,
  type Layer,
  Linear,
  Module,
  noGrad,
  type Rng,
  tidyLeaves,
} from "@pellucid/core-train";
import {
  add,
  concat,
  div,
  mul,
  ones,
  reshape,
  tensor1d,
  type Tensor1D,
  type Tensor2D,
} from "@tensorflow/tfjs-core";
import { edgeIndexOf } from "../graph/edge-index.ts";
import { EdgeList, edgesOf } from "../graph/edge-list.ts";
import type { Edges, Graph } from "../graph/graph.ts";
import { gatherRows } from "../propagate/gather-rows.ts";
import { scatter, scatterSoftmax } from "../propagate/scatter.ts";
import { batchOfNodes, graphCount } from "./graph-pools.ts";
import { syncValues } from "./sync-values.ts";

/** Options for {@link EdgePooling}. */
export interface EdgePoolingOptions {
  /** Random generator for initialization, and for dropout. */
  readonly rng: Rng;
  /** How scores of edges are normalized, from `[edge]`, the target of each edge and the number of nodes. Default: by a softmax over the edges that reach a node. */
  readonly edgeScore?: (raw: Tensor1D, target: Tensor1D, numNodes: number) => Tensor1D;
  /** The probability that the score of an edge is dropped in training. Default: 0. */
  readonly dropout?: number;
  /** What is added to each score, so that it can be divided by. Default: 0.5. */
  readonly addToEdgeScore?: number;
}

/** A graph of contracted edges, and what {@link EdgePooling.unpool} needs. */
export interface EdgePooledGraph extends Edges {
  /** `[cluster, feature]` */
  readonly x: Tensor2D;
  /** int32 `[cluster]` */
  readonly batch: Tensor1D;
  readonly numGraphs: number;
  /** The cluster of each node of the graph before, int32 `[node]`. */
  readonly cluster: Tensor1D;
  /** What the features of each cluster were multiplied by, `[cluster]`. */
  readonly score: Tensor1D;
}

/**
 * Contracts edges, best first, as long as none of their nodes has been contracted: the two nodes are added up and multiplied by the score of the edge. Weights and features of edges are
 * not kept.
 *
 *     score of u → v = softmax over edges to v of (w · [x_u, x_v] + b), plus 0.5
 *
 * Diehl, 2019. https://arxiv.org/abs/1905.10990
 *
 * Of edges with equal scores the first is contracted first; PyG sorts them in any order, and so numbers its clusters.
 */
export class EdgePooling extends Module implements Layer<Graph, EdgePooledGraph> {
  readonly inChannels: number;
  readonly addToEdgeScore: number;
  readonly dropout: number;
  readonly lin: Linear;
  readonly #edgeScore: (raw: Tensor1D, target: Tensor1D, numNodes: number) => Tensor1D;
  readonly #rng: Rng;

  constructor(inChannels: number, options: EdgePoolingOptions) {
    super();
    checkRng("EdgePooling", options);
    checkOptions("EdgePooling", options, ["rng", "edgeScore", "dropout", "addToEdgeScore"]);
    checkSizes("EdgePooling", { inChannels });
    const { rng, dropout: p = 0, addToEdgeScore = 0.5 } = options;
    checkProbabilities("EdgePooling", { dropout: p });
    checkFinite("EdgePooling", { addToEdgeScore });
    this.inChannels = inChannels;
    this.addToEdgeScore = addToEdgeScore;
    this.dropout = p;
    this.lin = new Linear(2 * inChannels, 1, { rng });
    this.resetParameters(rng);
    this.#rng = rng;
    this.#edgeScore = options.edgeScore ?? ((raw, target, size) => scatterSoftmax(raw, target, { size }));
  }

  /** Draws all weights anew. */
  resetParameters(rng: Rng): void {
    const bound = 1 / Math.sqrt(2 * this.inChannels);
    initialize(this.lin, "weight", init.kaimingUniform({ a: Math.sqrt(5) }), rng);
    initialize(this.lin, "bias", init.uniform(-bound, bound), rng);
  }

  forward(graph: Graph): EdgePooledGraph {
    const { inChannels, lin, addToEdgeScore } = this;
    checkShape(`EdgePooling(${inChannels})`, "x", graph.x, ["node", inChannels]);
    const numGraphs = graphCount("EdgePooling", graph);
    const edges = edgesOf(graph.edgeIndex, "EdgePooling");
    const nodes = graph.x.shape[0];
    return tidyLeaves(() => {
      const batch = noGrad(() => syncValues(batchOfNodes(graph)));
      const ends = concat([gatherRows(graph.x, edges.source), gatherRows(graph.x, edges.target)], 1); // [edge, 2 feature]
      const linear = reshape<Tensor1D["rankType"]>(lin.forward(ends), [edges.length]); //               [edge]
      const raw =
        isTraining(this) && this.dropout > 0 ? dropout(linear, this.dropout, { rng: this.#rng }) : linear;
      const normalized = this.#edgeScore(raw, tensor1d(edges.target, "int32"), nodes);
      const scores = add(normalized, addToEdgeScore) as Tensor1D;
      const { cluster, chosen, count } = contract(
        edges,
        noGrad(() => syncValues(scores)),
        nodes,
      );
      const alone = ones<Tensor1D["rankType"]>([count - chosen.length]);
      const score = concat([gatherRows(scores, chosen), alone]); //                                    [cluster]
      const clusters = tensor1d(cluster, "int32");
      const sums = scatter(graph.x, clusters, { size: count }); //                                     [cluster, feature]
      const batches = new Int32Array(count);
      for (const [v, c] of cluster.entries()) batches[c] = batch[v] ?? NaN;
      return {
        x: mul(sums, reshape(score, [count, 1])) as Tensor2D,
        edgeIndex: edgeIndexOf(joined(edges, cluster)),
        batch: tensor1d(batches, "int32"),
        numGraphs,
        cluster: clusters,
        score,
      };
    });
  }

  /**
   * Gives each node the features of its cluster, divided by the cluster's score.
   *
   * @param x `[cluster, feature]`
   * @returns `[node, feature]`
   */
  unpool(x: Tensor2D, { cluster, score }: Pick<EdgePooledGraph, "cluster" | "score">): Tensor2D {
    checkShape("EdgePooling.unpool", "x", x, [score.shape[0], "feature"]);
    return tidyLeaves(() =>
      gatherRows(div(x, reshape(score, [score.size, 1])) as Tensor2D, Int32Array.from(syncValues(cluster))),
    );
  }
}

/** The cluster of each node, and the edges that were contracted: edge `i` of `chosen` is cluster `i`. */
function contract(
  { source, target, length }: EdgeList,
  scores: ArrayLike<number>,
  nodes: number,
): { readonly cluster: Int32Array; readonly chosen: Int32Array; readonly count: number } {
  const order = Array.from({ length }, (_, e) => e).toSorted(
    (a, b) => (scores[b] ?? NaN) - (scores[a] ?? NaN) || a - b,
  );
  const cluster = new Int32Array(nodes).fill(-1);
  const chosen: number[] = [];
  for (const e of order) {
    const [u, v] = [source[e] ?? NaN, target[e] ?? NaN];
    if (cluster[u] !== -1 || cluster[v] !== -1) continue;
    [cluster[u], cluster[v]] = [chosen.length, chosen.length];
    chosen.push(e);
  }
  let count = chosen.length;
  for (const [v, c] of cluster.entries()) if (c === -1) cluster[v] = count++;
  return { cluster, chosen: Int32Array.from(chosen), count };
}

/** The edges between clusters, each once, sorted. */
function joined({ source, target }: EdgeList, cluster: Int32Array): EdgeList {
  const pairs = new Map(
    Array.from(source, (u, e) => {
      const pair = [cluster[u] ?? NaN, cluster[target[e] ?? NaN] ?? NaN] as const;
      return [pair.join(), pair];
    }),
  );
  const sorted = [...pairs.values()].toSorted(([a, b], [c, d]) => a - c || b - d);
  return new EdgeList(
    Int32Array.from(sorted, ([a]) => a),
    Int32Array.from(sorted, ([, b]) => b),
  );
}
