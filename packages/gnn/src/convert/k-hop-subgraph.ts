import { checkOptions, checkSizes, IndexError } from "@pellucid/core-train";
import type { HostEdges } from "./host-edges.ts";
import { neighborLists } from "./neighbor-lists.ts";
import { type Subgraph, subgraph } from "./subgraph.ts";

/** Options for {@link kHopSubgraph}. */
export interface KHopOptions {
  /** Whether to follow edges to their sources (from which a node receives), to their targets, or both. Default: `"in"`. */
  readonly direction?: "in" | "out" | "both";
}

/**
 * All nodes that reach given ones in at most `hops` edges, in ascending order, and all edges among them, as PyG's `k_hop_subgraph` with
 * `relabel_nodes`. `nodes` are ascending, so find a given node with `nodes.indexOf`.
 *
 * @throws IndexError for a node that does not exist
 */
export function kHopSubgraph(
  edges: HostEdges,
  nodes: ArrayLike<number>,
  hops: number,
  options: KHopOptions = {},
): Subgraph {
  checkOptions("kHopSubgraph", options, ["direction"]);
  checkSizes("kHopSubgraph", { hops }, 0);
  const { direction = "in" } = options;
  const lists = (direction === "both" ? (["in", "out"] as const) : [direction]).map((one) =>
    neighborLists(edges, one),
  );
  const found = new Set<number>();
  for (const node of Array.from(nodes)) {
    if (!(Number.isInteger(node) && node >= 0 && node < edges.numNodes))
      throw new IndexError(`kHopSubgraph: node ${node}, expected 0 to ${edges.numNodes - 1}.`);
    found.add(node);
  }
  let last = [...found];
  for (let hop = 0; hop < hops; hop++) {
    const next: number[] = [];
    for (const node of last)
      for (const { ptr, neighbors } of lists)
        for (const other of neighbors.subarray(ptr[node], ptr[node + 1])) {
          if (found.has(other)) continue;
          found.add(other);
          next.push(other);
        }
    last = next;
  }
  return subgraph(edges, Int32Array.from(found).toSorted());
}
