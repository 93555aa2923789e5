import type { HostEdges } from "../convert/host-edges.ts";

/** An undirected graph with weights: the neighbors of node `v` are from `ptr[v]` to `ptr[v + 1]`. */
export interface WeightedGraph {
  readonly ptr: Int32Array;
  readonly neighbors: Int32Array;
  /** Of the edges. */
  readonly weights: Float64Array;
  /** Of the nodes: how many nodes of the first graph each one is. */
  readonly sizes: Float64Array;
}

/** Both directions of every edge once, without loops. */
export function weightedGraph({ sources, targets, numNodes }: HostEdges): WeightedGraph {
  const around = Array.from({ length: numNodes }, () => new Map<number, number>());
  for (const [e, source] of sources.entries()) {
    const target = targets[e] ?? NaN;
    if (source === target) continue;
    around[source]?.set(target, (around[source].get(target) ?? 0) + 1);
    around[target]?.set(source, (around[target].get(source) ?? 0) + 1);
  }
  return graphOfMaps(around, new Float64Array(numNodes).fill(1));
}

/** A graph from the neighbors of each node and their weights. */
export function graphOfMaps(
  around: readonly ReadonlyMap<number, number>[],
  sizes: Float64Array,
): WeightedGraph {
  const ptr = new Int32Array(around.length + 1);
  for (const [v, neighbors] of around.entries()) ptr[v + 1] = (ptr[v] ?? NaN) + neighbors.size;
  return {
    ptr,
    neighbors: Int32Array.from(around.flatMap((neighbors) => [...neighbors.keys()])),
    weights: Float64Array.from(around.flatMap((neighbors) => [...neighbors.values()])),
    sizes,
  };
}

/** The graph of some nodes and the edges among them. */
export function inducedGraph(graph: WeightedGraph, nodes: Int32Array): WeightedGraph {
  const position = new Map(Array.from(nodes, (v, i) => [v, i]));
  const around = Array.from(nodes, (v) => {
    const kept = new Map<number, number>();
    for (let i = graph.ptr[v] ?? NaN; i < (graph.ptr[v + 1] ?? NaN); i++) {
      const to = position.get(graph.neighbors[i] ?? NaN);
      if (to !== undefined) kept.set(to, graph.weights[i] ?? NaN);
    }
    return kept;
  });
  return graphOfMaps(
    around,
    Float64Array.from(nodes, (v) => graph.sizes[v] ?? NaN),
  );
}
