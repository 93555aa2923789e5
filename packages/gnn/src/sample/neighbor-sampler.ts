import { checkOptions, type HostTensor, Rng } from "@pellucid/core-train";
import { neighborLists } from "../convert/neighbor-lists.ts";
import { hostEdges, type GraphData, takeGraph } from "../data/graph-data.ts";
import type { GraphSampler } from "./graph-sampler.ts";
import { checkFanOut, checkNode, sampleNeighbors } from "./sample-neighbors.ts";

/** Options for {@link neighborSampler}. */
export interface NeighborSamplerOptions {
  /** The nodes that are seeds. Default: all. */
  readonly nodes?: ArrayLike<number>;
  /** Whether a neighbor can be drawn more than once. Default: false. */
  readonly replace?: boolean;
  /** Whether each seed gets a graph of its own. Default: false. */
  readonly disjoint?: boolean;
}

/** A sampled graph with what it was sampled from. */
export interface SampledGraph extends GraphData {
  /** The node of the whole graph that each node is, `[node]`. */
  readonly nodes: HostTensor<Int32Array> & { readonly shape: readonly [number] };
  /** The edge of the whole graph that each edge is, `[edge]`. */
  readonly edges: HostTensor<Int32Array> & { readonly shape: readonly [number] };
  /** The row of each seed, in the order of the batch: `[seed]`. */
  readonly seeds: HostTensor<Int32Array> & { readonly shape: readonly [number] };
}

/**
 * A dataset of seeds; a batch is the graph of their sampled neighbors, see {@link sampleNeighbors}: PyG's `NeighborLoader`.
 *
 * @param fanOut how many neighbors to take in each hop, −1 for all: one hop for each layer of the model
 */
export function neighborSampler(
  graph: GraphData,
  fanOut: readonly number[],
  options: NeighborSamplerOptions = {},
): GraphSampler<SampledGraph> {
  checkOptions("neighborSampler", options, ["nodes", "replace", "disjoint"]);
  checkFanOut("neighborSampler", fanOut);
  const { replace = false, disjoint = false } = options;
  const lists = neighborLists(hostEdges(graph));
  const nodes =
    options.nodes === undefined
      ? Int32Array.from({ length: lists.numNodes }, (_, v) => v)
      : Int32Array.from(options.nodes);
  for (const node of nodes) checkNode("neighborSampler", node, lists.numNodes);
  const gather = (indices: Int32Array, rng: Rng = new Rng(0)) => {
    const seeds = indices.map((i) => nodes[i] ?? NaN);
    const sampled = sampleNeighbors(lists, seeds, fanOut, { rng, replace, disjoint });
    const batch = sampled.batch === null ? {} : { batch: vector(sampled.batch) };
    return {
      ...takeGraph(graph, sampled),
      ...batch,
      nodes: vector(sampled.nodes),
      edges: vector(sampled.edges),
      seeds: vector(sampled.seeds),
    };
  };
  return { length: nodes.length, gather, get: (index, rng) => ({ ...gather(Int32Array.of(index), rng) }) };
}

/** `[n]` */
export function vector<Data extends Int32Array | Float32Array>(
  data: Data,
): HostTensor<Data> & { readonly shape: readonly [number] } {
  return { data, shape: [data.length] as const };
}
