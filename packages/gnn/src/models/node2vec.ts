import {
  checkOptions,
  checkPositive,
  checkRng,
  checkSizes,
  Embedding,
  embedding,
  IndexError,
  type Layer,
  Module,
  type Rng,
  sigmoid,
} from "@pellucid/core-train";
import {
  add,
  expandDims,
  log,
  mean,
  mul,
  neg,
  type Rank,
  reshape,
  type Scalar,
  slice,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
  tensor2d,
  tidy,
} from "@tensorflow/tfjs-core";
import { edgesOf } from "../graph/edge-list.ts";
import type { Edges } from "../graph/graph.ts";
import { nodeCount } from "../graph/node-count.ts";

/** Options for {@link Node2Vec}. */
export interface Node2VecOptions {
  /** Random generator for initialization and walks. */
  readonly rng: Rng;
  /** How many nodes a walk has, with its start. */
  readonly walkLength: number;
  /** How many nodes in a row belong together. */
  readonly contextSize: number;
  /** How many walks start at each node. Default: 1. */
  readonly walksPerNode?: number;
  /** A step back is `1 / p` as likely as one to a common neighbour. Default: 1. */
  readonly p?: number;
  /** A step away is `1 / q` as likely as one to a common neighbour. Default: 1. */
  readonly q?: number;
  /** How many random walks there are for each real one. Default: 1. */
  readonly numNegativeSamples?: number;
  /** How many nodes there are. Default: one more than the last id of the edges. */
  readonly numNodes?: number;
}

/** Walks that are and walks that are not, int32 `[walk, context]` each. */
export interface WalkSample {
  readonly positive: Tensor2D;
  readonly negative: Tensor2D;
}

const EPS = 1e-15;

/**
 * Embeddings of nodes by which those that random walks visit together are similar.
 *
 * Grover and Leskovec, 2016. node2vec: scalable feature learning for networks. https://arxiv.org/abs/1607.00653
 *
 * PyG's `Node2Vec`, whose walks need compiled code; the names and the loss are the same, the random numbers of walks are not. A walk stays where no edge leads on.
 */
export class Node2Vec extends Module implements Layer<Tensor1D | undefined, Tensor2D> {
  readonly embeddingDim: number;
  readonly walkLength: number;
  readonly contextSize: number;
  readonly walksPerNode: number;
  readonly numNegativeSamples: number;
  readonly p: number;
  readonly q: number;
  readonly numNodes: number;
  readonly rng: Rng;
  readonly embedding: Embedding;
  readonly #neighbors: readonly Int32Array[];

  constructor(graph: Edges, embeddingDim: number, options: Node2VecOptions) {
    super();
    checkRng("Node2Vec", options);
    checkOptions("Node2Vec", options, [
      "rng",
      "walkLength",
      "contextSize",
      "walksPerNode",
      "p",
      "q",
      "numNegativeSamples",
      "numNodes",
    ]);
    const { rng, walkLength, contextSize, walksPerNode = 1, p = 1, q = 1, numNegativeSamples = 1 } = options;
    checkSizes("Node2Vec", { embeddingDim, contextSize, walksPerNode, numNegativeSamples });
    checkSizes("Node2Vec", { walkLength }, contextSize);
    checkPositive("Node2Vec", { p, q });
    const numNodes = nodeCount("Node2Vec", graph, options.numNodes);
    const { ptr, column } = edgesOf(graph.edgeIndex, "Node2Vec").bySource(numNodes);
    this.embeddingDim = embeddingDim;
    this.walkLength = walkLength;
    this.contextSize = contextSize;
    this.walksPerNode = walksPerNode;
    this.numNegativeSamples = numNegativeSamples;
    this.p = p;
    this.q = q;
    this.numNodes = numNodes;
    this.rng = rng;
    this.#neighbors = Array.from({ length: numNodes }, (_, i) => column.slice(ptr[i], ptr[i + 1]).toSorted());
    this.embedding = new Embedding(numNodes, embeddingDim, { rng });
    this.embedding.dispose();
    this.embedding = new Embedding(numNodes, embeddingDim, { rng }); // as PyG's constructor, which draws twice
  }

  /**
   * @param nodes int32 `[node]`; all by default
   * @returns their embeddings, `[node, feature]`
   */
  forward(nodes?: Tensor1D): Tensor2D {
    return tidy(() =>
      nodes === undefined
        ? (add(this.embedding.weight, 0) as Tensor2D)
        : embedding(nodes, this.embedding.weight),
    );
  }

  /** Draws walks from each of `nodes`, and as many of random nodes, cut into parts of the size of the context. */
  sample(nodes: ArrayLike<number>): WalkSample {
    const { walksPerNode, numNegativeSamples, numNodes, walkLength, rng } = this;
    const starts = Array.from(nodes);
    const wrong = starts.find((node) => !(Number.isInteger(node) && node >= 0 && node < numNodes));
    if (wrong !== undefined)
      throw new IndexError(`Node2Vec: a node is ${wrong}, expected 0 to ${numNodes - 1}.`);
    const repeated = (times: number) => Array.from({ length: times }, () => starts).flat();
    const walks = repeated(walksPerNode).map((node) => this.#walk(node));
    const others = repeated(walksPerNode * numNegativeSamples).map((node) => [
      node,
      ...rng.randint(0, numNodes, [walkLength - 1]).data,
    ]);
    return { positive: this.#windows(walks), negative: this.#windows(others) };
  }

  /** `-mean log σ(z_start · z) - mean log(1 - σ(z_start · z′))` over the other nodes of each window. */
  loss({ positive, negative }: WalkSample): Scalar {
    return tidy(() => {
      const there = mean<Scalar>(log(add(sigmoid(this.#products(positive)), EPS)));
      const away = mean<Scalar>(log(add(sub(1, sigmoid(this.#products(negative))), EPS)));
      return neg(add(there, away));
    });
  }

  #products(walks: Tensor2D): Tensor1D {
    const [count, size] = walks.shape;
    const { weight } = this.embedding;
    const first = embedding(reshape<Rank.R1>(slice(walks, [0, 0], [count, 1]), [count]), weight); // [walk, feature]
    const rest = embedding(slice(walks, [0, 1], [count, size - 1]), weight); // [walk, other, feature]
    return reshape(sum(mul(expandDims(first, 1), rest), 2), [count * (size - 1)]);
  }

  #walk(start: number): number[] {
    const walk = [start];
    while (walk.length < this.walkLength) walk.push(this.#next(walk.at(-1) ?? NaN, walk.at(-2)));
    return walk;
  }

  /** The next node of a walk; the one before makes a step back or to a common neighbour more or less likely. */
  #next(node: number, before: number | undefined): number {
    const { p, q, rng } = this;
    const choices = this.#neighbors[node] as Int32Array;
    if (choices.length === 0) return node;
    const most = Math.max(1 / p, 1, 1 / q);
    const near = before === undefined ? choices : (this.#neighbors[before] as Int32Array);
    for (;;) {
      const [pick = 0] = rng.randint(0, choices.length, [1]).data;
      const next = choices[pick] ?? NaN;
      if (before === undefined) return next;
      const weight = next === before ? 1 / p : near.includes(next) ? 1 : 1 / q;
      const [u = 0] = rng.uniform([1], 0, 1).data;
      if (u * most < weight) return next;
    }
  }

  #windows(walks: readonly (readonly number[])[]): Tensor2D {
    const { contextSize, walkLength } = this;
    const count = walkLength - contextSize + 1;
    const windows = Array.from({ length: count }, (_, j) =>
      walks.map((walk) => walk.slice(j, j + contextSize)),
    ).flat(2);
    return tensor2d(Int32Array.from(windows), [count * walks.length, contextSize], "int32");
  }
}
