import { IndexError } from "@pellucid/core-train";
import { checkHostEdges, type HostEdges } from "./host-edges.ts";

/** Some nodes of a graph and the edges among them, numbered anew. */
export interface Subgraph extends HostEdges {
  /** The node of the whole graph that each node is, `[node]`. */
  readonly nodes: Int32Array;
  /** The edge of the whole graph that each edge is, `[edge]`. */
  readonly edges: Int32Array;
}

/**
 * The edges among some nodes, in the order of the whole graph, as PyG's `subgraph` with `relabel_nodes`: node `i` of the result is `nodes[i]`.
 *
 * @throws IndexError for a node that does not exist or comes twice
 */
export function subgraph(edges: HostEdges, nodes: ArrayLike<number>): Subgraph {
  checkHostEdges("subgraph", edges);
  const { sources, targets, numNodes, weights } = edges;
  const position = new Int32Array(numNodes).fill(-1);
  const kept = Int32Array.from(nodes);
  for (const [i, node] of kept.entries()) {
    if (!(nodes[i] === node && node >= 0 && node < numNodes))
      throw new IndexError(`subgraph: node ${nodes[i]}, expected integers from 0 to ${numNodes - 1}.`);
    if (position[node] !== -1) throw new IndexError(`subgraph: node ${node} comes twice, expected once.`);
    position[node] = i;
  }
  const among: number[] = [];
  for (let e = 0; e < sources.length; e++)
    if (position[sources[e] ?? NaN] !== -1 && position[targets[e] ?? NaN] !== -1) among.push(e);
  return {
    nodes: kept,
    numNodes: kept.length,
    edges: Int32Array.from(among),
    sources: Int32Array.from(among, (e) => position[sources[e] ?? NaN] ?? NaN),
    targets: Int32Array.from(among, (e) => position[targets[e] ?? NaN] ?? NaN),
    ...(weights === undefined ? {} : { weights: Float32Array.from(among, (e) => weights[e] ?? NaN) }),
  };
}
