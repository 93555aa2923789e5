import { checkArguments, checkChoice } from "@pellucid/core-train";
import { groupEdges } from "../graph/group-edges.ts";
import { checkHostEdges, type HostEdges } from "./host-edges.ts";

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
  checkHostEdges("neighborLists", edges);
  checkChoice("neighborLists", "direction", direction, ["in", "out"]);
  const [of, other] = direction === "in" ? [edges.targets, edges.sources] : [edges.sources, edges.targets];
  const { ptr, column, edge } = groupEdges(of, other, edges.numNodes);
  return { numNodes: edges.numNodes, ptr, neighbors: column, edges: edge };
}

/** The edge list that {@link neighborLists} was made from, without weights. */
export function edgesOfLists(lists: NeighborLists, direction: "in" | "out" = "in"): HostEdges {
  checkArguments("edgesOfLists", { "{ numNodes, ptr, neighbors, edges }": { lists } });
  const { numNodes, ptr, neighbors, edges } = lists;
  checkChoice("edgesOfLists", "direction", direction, ["in", "out"]);
  const [own, other] = [new Int32Array(edges.length), new Int32Array(edges.length)];
  for (let v = 0; v < numNodes; v++)
    for (let i = ptr[v] ?? NaN; i < (ptr[v + 1] ?? NaN); i++) {
      own[edges[i] ?? NaN] = v;
      other[edges[i] ?? NaN] = neighbors[i] ?? NaN;
    }
  return direction === "in"
    ? { numNodes, sources: other, targets: own }
    : { numNodes, sources: own, targets: other };
}
