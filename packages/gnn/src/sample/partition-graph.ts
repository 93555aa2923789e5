import { checkNotNegative, checkOptions, checkRng, checkSizes, type Rng } from "@pellucid/core-train";
import type { HostEdges } from "../convert/host-edges.ts";
import { bisectGraph } from "./bisect-graph.ts";
import { refinePartition } from "./refine-partition.ts";
import { weightedGraph, type WeightedGraph } from "./weighted-graph.ts";

/** Options for {@link partitionGraph}. */
export interface PartitionOptions {
  /** Random generator for the matchings and the starts. */
  readonly rng: Rng;
  /** By how much a part may be larger than the average. Default: 0.03. */
  readonly imbalance?: number;
  /** How often to divide the graph; the one with the smallest edge cut is taken. Default: 4. */
  readonly runs?: number;
}

/** The parts of a graph. */
export interface Partition {
  /** The part of each node, from 0. `[node]` */
  readonly parts: Int32Array;
  /** How many edges join nodes of different parts, both directions of an undirected edge counted once. */
  readonly edgeCut: number;
}

/**
 * Divides the nodes of a graph into `numParts` parts of about equal size with few edges between them, as METIS does for ClusterGCN: the graph is
 * coarsened by matching nodes along heavy edges, bisected where it is small, and refined on the way back; then the parts together are refined.
 *
 * The direction of edges does not matter, loops do not count, and parallel edges weigh more.
 *
 * Karypis and Kumar, 1998. https://doi.org/10.1137/S1064827595287997; Fiduccia and Mattheyses, 1982.
 */
export function partitionGraph(edges: HostEdges, numParts: number, options: PartitionOptions): Partition {
  checkRng("partitionGraph", options);
  checkOptions("partitionGraph", options, ["rng", "imbalance", "runs"]);
  const { rng, imbalance = 0.03, runs = 4 } = options;
  checkSizes("partitionGraph", { numParts, runs });
  checkNotNegative("partitionGraph", { imbalance });
  const graph = weightedGraph(edges);
  let best: Partition | null = null;
  for (let run = 0; run < runs; run++) {
    const parts = divide(graph, numParts, imbalance, rng);
    const cut = edgeCut(edges, parts);
    if (best === null || cut < best.edgeCut) best = { parts, edgeCut: cut };
  }
  return best as Partition;
}

/** Bisects until there are enough parts, then refines them together. */
function divide(graph: WeightedGraph, numParts: number, imbalance: number, rng: Rng): Int32Array {
  const count = graph.sizes.length;
  const parts = new Int32Array(count);
  /** Divides `nodes` into `into` parts, numbered from `first` on. */
  const bisect = (nodes: Int32Array, into: number, first: number): void => {
    if (into === 1 || nodes.length === 0) {
      for (const node of nodes) parts[node] = first;
      return;
    }
    const left = Math.floor(into / 2); // how many of the parts are on the left side
    const side = bisectGraph(graph, nodes, left / into, imbalance / 2, rng); // 0 or 1 for each of `nodes`
    const nodesOn = (which: 0 | 1) => nodes.filter((_, i) => side[i] === which);
    bisect(nodesOn(0), left, first);
    bisect(nodesOn(1), into - left, first + left);
  };
  const everyNode = Int32Array.from({ length: count }, (_, v) => v);
  bisect(everyNode, numParts, 0);
  const average = count / numParts;
  const maxSize = Math.max(Math.ceil(average), Math.floor(average * (1 + imbalance)));
  refinePartition(graph, parts, numParts, maxSize);
  return parts;
}

/** How many edges join different parts, each pair of nodes counted once. */
function edgeCut({ sources, targets }: HostEdges, parts: Int32Array): number {
  const pairs = new Set<string>();
  for (const [e, source] of sources.entries()) {
    const target = targets[e] ?? NaN;
    if (parts[source] !== parts[target]) pairs.add(`${Math.min(source, target)} ${Math.max(source, target)}`);
  }
  return pairs.size;
}
