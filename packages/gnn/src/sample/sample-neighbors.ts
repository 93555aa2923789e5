import {
  checkArguments,
  checkChoice,
  checkIntegers,
  checkOptions,
  checkRng,
  IndexError,
  type Rng,
} from "@pellucid/core-train";
import type { NeighborLists } from "../convert/neighbor-lists.ts";
import { drawDistinct } from "./draw-distinct.ts";

/** Options for {@link sampleNeighbors}. */
export interface SampleNeighborsOptions {
  /** Random generator for the draws. */
  readonly rng: Rng;
  /** Whether a neighbor can be drawn more than once. Default: false. */
  readonly replace?: boolean;
  /** Whether each seed gets a graph of its own, so that a node that several seeds reach is there several times. Default: false. */
  readonly disjoint?: boolean;
}

/** A part of a graph around some nodes. Its nodes and edges are numbered anew. */
export interface SampledNeighbors {
  /** The node of the whole graph that each node is: the seeds, then hop by hop. `[node]` */
  readonly nodes: Int32Array;
  /** The source of each edge, among the new numbers. `[edge]` */
  readonly sources: Int32Array;
  /** The target of each edge, one hop nearer to the seeds. `[edge]` */
  readonly targets: Int32Array;
  /** The edge of the whole graph that each edge is. `[edge]` */
  readonly edges: Int32Array;
  /** The new number of each seed. `[seed]` */
  readonly seeds: Int32Array;
  /** Of disjoint graphs: the seed, counted from 0, to which each node belongs. `[node]` */
  readonly batch: Int32Array | null;
  /** How many nodes were new in each hop, first the seeds. `[hop + 1]` */
  readonly nodesPerHop: readonly number[];
  /** How many edges were drawn in each hop. `[hop]` */
  readonly edgesPerHop: readonly number[];
}

/**
 * Samples for each seed at most `fanOut[0]` incoming edges, then for each new node at most `fanOut[1]`, and so on: the
 * neighbors from which a graph network of as many layers computes the seeds. −1 takes all. PyG's `NeighborLoader`.
 *
 * Parallel edges are distinct choices. A seed without neighbors stays. A seed that comes several times is one node, unless disjoint.
 *
 * Hamilton, Ying and Leskovec, 2017, algorithm 2. https://arxiv.org/abs/1706.02216
 *
 * @param lists incoming neighbors: `neighborLists(edges, "in")`
 * @throws IndexError for a seed that is not a node
 */
export function sampleNeighbors(
  lists: NeighborLists,
  seeds: ArrayLike<number>,
  fanOut: readonly number[],
  options: SampleNeighborsOptions,
): SampledNeighbors {
  checkRng("sampleNeighbors", options);
  checkOptions("sampleNeighbors", options, ["rng", "replace", "disjoint"]);
  const { rng, replace = false, disjoint = false } = options;
  checkChoice("sampleNeighbors", "replace", replace, [true, false]);
  checkChoice("sampleNeighbors", "disjoint", disjoint, [true, false]);
  checkFanOut("sampleNeighbors", fanOut);
  const { ptr, neighbors, numNodes } = lists;
  const nodes: number[] = [];
  const batch: number[] = [];
  const [sources, targets, edges]: [number[], number[], number[]] = [[], [], []];
  const numbers = new Map<number, number>();
  const numberOf = (node: number, of: number): number => {
    const key = disjoint ? of * numNodes + node : node;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, nodes.length);
    batch.push(of);
    return nodes.push(node) - 1;
  };
  const seedNumbers = Int32Array.from(seeds, (seed, i) => {
    checkNode("sampleNeighbors", seed, numNodes);
    return numberOf(seed, i);
  });
  const nodesPerHop = [nodes.length];
  const edgesPerHop: number[] = [];
  let begin = 0;
  for (const count of fanOut) {
    const [end, drawnBefore] = [nodes.length, edges.length];
    for (let target = begin; target < end; target++) {
      const node = nodes[target] ?? NaN;
      const first = ptr[node] ?? NaN;
      const degree = (ptr[node + 1] ?? NaN) - first;
      for (const at of choices(degree, count, replace, rng)) {
        targets.push(target);
        sources.push(numberOf(neighbors[first + at] ?? NaN, batch[target] ?? NaN));
        edges.push(lists.edges[first + at] ?? NaN);
      }
    }
    nodesPerHop.push(nodes.length - end);
    edgesPerHop.push(edges.length - drawnBefore);
    begin = end;
  }
  return {
    nodes: Int32Array.from(nodes),
    sources: Int32Array.from(sources),
    targets: Int32Array.from(targets),
    edges: Int32Array.from(edges),
    seeds: seedNumbers,
    batch: disjoint ? Int32Array.from(batch) : null,
    nodesPerHop,
    edgesPerHop,
  };
}

/** Which of `degree` neighbors are taken. */
export function choices(degree: number, count: number, replace: boolean, rng: Rng): Iterable<number> {
  if (degree === 0) return [];
  if (count < 0 || (!replace && count >= degree)) return Array(degree).keys();
  return replace
    ? Array.from({ length: count }, () => rng.uint32() % degree)
    : drawDistinct(degree, count, rng);
}

/** Throws unless every hop has a number of neighbors. */
export function checkFanOut(caller: string, fanOut: readonly number[]): void {
  checkArguments(caller, { "number[]": { fanOut } });
  checkIntegers(caller, Object.fromEntries(fanOut.map((count, hop) => [`fanOut ${hop}`, count])));
}

/** Throws unless `node` is one. */
export function checkNode(caller: string, node: number, numNodes: number): void {
  if (Number.isInteger(node) && node >= 0 && node < numNodes) return;
  throw new IndexError(`${caller}: the seed is ${node}, expected a node from 0 to ${numNodes - 1}.`);
}
