import { checkHostEdges } from "../convert/host-edges.ts";
import { checkArguments, DataError } from "@pellucid/core-train";
import type { HostEdges } from "../convert/host-edges.ts";
import type { Subgraph } from "../convert/subgraph.ts";

/** GraphSAINT's weights of nodes and edges. */
export interface SaintNormalization {
  /** The weight of each node's loss in the sum of a subgraph, `[node]`. */
  readonly nodeNorm: Float32Array;
  /** What each message is multiplied by before a mean over all neighbors of its target, `[edge]`. */
  readonly edgeNorm: Float32Array;
}

/**
 * How to weight losses and messages so that their expectation over subgraphs is that of the whole graph, from counts in sampled subgraphs:
 * `samples / (count_v N)` for node `v` of `N`, and `count_v / count_uv` for the edge from `u` to `v`. A node or edge that was in no subgraph gets 0.1, as in
 * PyG, and weights of edges are 10,000 at most.
 *
 * Zeng et al., 2020, equations 2 and 3. https://arxiv.org/abs/1907.04931
 *
 * @throws DataError where there is no subgraph
 */
export function saintNormalization(edges: HostEdges, subgraphs: Iterable<Subgraph>): SaintNormalization {
  checkHostEdges("saintNormalization", edges);
  checkArguments("saintNormalization", { iterable: { subgraphs } });
  const nodeCount = new Float64Array(edges.numNodes);
  const edgeCount = new Float64Array(edges.sources.length);
  let samples = 0;
  for (const { nodes, edges: ids } of subgraphs) {
    samples++;
    for (const v of nodes) nodeCount[v] = (nodeCount[v] ?? NaN) + 1;
    for (const e of ids) edgeCount[e] = (edgeCount[e] ?? NaN) + 1;
  }
  if (samples === 0)
    throw new DataError("saintNormalization: there are no subgraphs, expected one at least.");
  return {
    nodeNorm: Float32Array.from(nodeCount, (count) => (count === 0 ? 0.1 : samples / count / edges.numNodes)),
    edgeNorm: Float32Array.from(edgeCount, (count, e) =>
      count === 0 ? 0.1 : Math.min(1e4, (nodeCount[edges.targets[e] ?? NaN] ?? NaN) / count),
    ),
  };
}
