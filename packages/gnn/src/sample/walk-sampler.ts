import {
  checkOptions,
  checkPositive,
  checkSizes,
  type HostTensor,
  OptionError,
  Rng,
} from "@pellucid/core-train";
import { neighborLists } from "../convert/neighbor-lists.ts";
import { hostEdges, type GraphData } from "../data/graph-data.ts";
import type { GraphSampler } from "./graph-sampler.ts";
import { randomWalks } from "./random-walks.ts";

/** Options for {@link walkSampler}. */
export interface WalkSamplerOptions {
  /** How many steps a walk has. */
  readonly walkLength: number;
  /** How many nodes of a walk are one row, the first of which is to predict the others. Default: the whole walk. */
  readonly contextSize?: number;
  /** How many walks start at each node of a batch. Default: 1. */
  readonly walksPerNode?: number;
  /** How many rows of random nodes there are for each walk. Default: 1. */
  readonly negatives?: number;
  /** node2vec's return parameter. Default: 1. */
  readonly p?: number;
  /** node2vec's in-out parameter. Default: 1. */
  readonly q?: number;
}

/** Rows of nodes that occur together, and rows that need not. */
export interface WalkBatch {
  /** `[row, contextSize]` */
  readonly positive: HostTensor<Int32Array> & { readonly shape: readonly [number, number] };
  /** `[row, contextSize]` */
  readonly negative: HostTensor<Int32Array> & { readonly shape: readonly [number, number] };
}

/**
 * A dataset of nodes; a batch is the windows of random walks from them, and windows of random nodes after the same starts, as the loader of PyG's
 * `Node2Vec`.
 *
 * Grover and Leskovec, 2016. https://arxiv.org/abs/1607.00653
 */
export function walkSampler(graph: GraphData, options: WalkSamplerOptions): GraphSampler<WalkBatch> {
  checkOptions("walkSampler", options, ["walkLength", "contextSize", "walksPerNode", "negatives", "p", "q"]);
  const { walkLength, walksPerNode = 1, negatives = 1, p = 1, q = 1 } = options;
  const { contextSize = walkLength + 1 } = options;
  checkSizes("walkSampler", { walkLength, contextSize, walksPerNode, negatives });
  checkPositive("walkSampler", { p, q });
  if (contextSize > walkLength + 1)
    throw new OptionError(
      "walkSampler",
      "contextSize",
      contextSize,
      `${walkLength + 1}, the nodes of a walk, or less`,
    );
  const edges = hostEdges(graph);
  const lists = neighborLists(edges, "out");
  const windows = (walks: Int32Array) => {
    const count = walks.length / (walkLength + 1);
    const rows: Int32Array[] = [];
    for (let first = 0; first + contextSize <= walkLength + 1; first++)
      for (let walk = 0; walk < count; walk++) {
        const from = walk * (walkLength + 1) + first;
        rows.push(walks.subarray(from, from + contextSize));
      }
    const data = new Int32Array(rows.length * contextSize);
    for (const [i, row] of rows.entries()) data.set(row, i * contextSize);
    return { data, shape: [rows.length, contextSize] as const };
  };
  const gather = (indices: Int32Array, rng: Rng = new Rng(0)) => {
    const starts = Array.from({ length: walksPerNode }, () => [...indices]).flat();
    const positive = windows(randomWalks(lists, starts, walkLength, { rng, p, q }));
    const others = Array.from({ length: negatives }, () => starts).flat();
    const random = Int32Array.from({ length: others.length * (walkLength + 1) }, (_, i) =>
      i % (walkLength + 1) === 0 ? (others[i / (walkLength + 1)] ?? NaN) : rng.uint32() % edges.numNodes,
    );
    return { positive, negative: windows(random) };
  };
  return { length: edges.numNodes, gather, get: (index, rng) => ({ ...gather(Int32Array.of(index), rng) }) };
}
