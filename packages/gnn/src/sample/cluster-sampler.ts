import { checkArguments, OptionError } from "@pellucid/core-train";
import { subgraph } from "../convert/subgraph.ts";
import { hostEdges, type GraphData, takeGraph } from "../data/graph-data.ts";
import type { GraphSampler } from "./graph-sampler.ts";
import { type SampledGraph, vector } from "./neighbor-sampler.ts";

/**
 * A dataset of the parts of a graph; a batch is the graph of all nodes of its parts, with the edges between those parts too: PyG's `ClusterLoader`.
 *
 * Chiang et al., 2019. https://arxiv.org/abs/1905.07953
 *
 * @param parts of each node, as {@link partitionGraph} gives them
 */
export function clusterSampler(
  graph: GraphData,
  parts: Int32Array,
): GraphSampler<Omit<SampledGraph, "seeds">> {
  checkArguments("clusterSampler", { numbers: { parts } });
  const edges = hostEdges(graph);
  if (parts.length !== edges.numNodes || parts.some((part) => part < 0))
    throw new OptionError(
      "clusterSampler",
      "parts",
      `an array of ${parts.length}`,
      `one part of 0 or more for each of ${edges.numNodes} nodes`,
    );
  const length = parts.reduce((most, part) => Math.max(most, part + 1), 0);
  const gather = (indices: Int32Array) => {
    const chosen = new Set(indices);
    const nodes = Int32Array.from(parts.keys()).filter((v) => chosen.has(parts[v] ?? NaN));
    const sampled = subgraph(edges, nodes);
    return { ...takeGraph(graph, sampled), nodes: vector(sampled.nodes), edges: vector(sampled.edges) };
  };
  return { length, gather, get: (index) => ({ ...gather(Int32Array.of(index)) }) };
}
