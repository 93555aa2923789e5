import { checkChoice } from "@pellucid/core-train";
import { checkEdges, type HostEdges } from "./host-edges.ts";

/**
 * The neighbors of each node, one node after the other (compressed sparse rows): those of node `v` are `neighbors[ptr[v]]` to
 * `neighbors[ptr[v + 1] − 1]`, in the order of the edges.
 */
export interface NeighborLists {
  readonly numNodes: number;
  /** `[node + 1]` */
  readonly ptr: Int32Array;
  /** `[edge]` */
  readonly neighbors: Int32Array;
  /** Which edge of the edge list each one is, `[edge]`. */
  readonly edges: Int32Array;
}

/** Lists for each node the sources of its incoming edges (`"in"`), or the targets of its outgoing ones (`"out"`). */
export function neighborLists(edges: HostEdges, direction: "in" | "out" = "in"): NeighborLists {
  checkEdges("neighborLists", edges);
  checkChoice("neighborLists", "direction", direction, ["in", "out"]);
  const [of, other] = direction === "in" ? [edges.targets, edges.sources] : [edges.sources, edges.targets];
  const ptr = new Int32Array(edges.numNodes + 1);
  for (const node of of) ptr[node + 1] = (ptr[node + 1] as number) + 1;
  for (let v = 0; v < edges.numNodes; v++) ptr[v + 1] = (ptr[v + 1] as number) + (ptr[v] as number);
  const next = ptr.slice();
  const neighbors = new Int32Array(of.length);
  const ids = new Int32Array(of.length);
  for (let e = 0; e < of.length; e++) {
    const node = of[e] as number;
    const at = next[node] as number;
    next[node] = at + 1;
    neighbors[at] = other[e] as number;
    ids[at] = e;
  }
  return { numNodes: edges.numNodes, ptr, neighbors, edges: ids };
}

/** The edge list that {@link neighborLists} was made from, without weights. */
export function edgesOfLists(
  { numNodes, ptr, neighbors, edges }: NeighborLists,
  direction: "in" | "out" = "in",
): HostEdges {
  checkChoice("edgesOfLists", "direction", direction, ["in", "out"]);
  const [own, other] = [new Int32Array(edges.length), new Int32Array(edges.length)];
  for (let v = 0; v < numNodes; v++)
    for (let i = ptr[v] as number; i < (ptr[v + 1] as number); i++) {
      own[edges[i] as number] = v;
      other[edges[i] as number] = neighbors[i] as number;
    }
  return direction === "in"
    ? { numNodes, sources: other, targets: own }
    : { numNodes, sources: own, targets: other };
}
