import { checkRecord, IndexError, ShapeError } from "@pellucid/core-train";

/** The edges of a graph on the host: edge `e` goes from node `sources[e]` to node `targets[e]`. */
export interface HostEdges {
  readonly sources: Int32Array;
  readonly targets: Int32Array;
  readonly numNodes: number;
  /** One number for each edge. Default: all 1. */
  readonly weights?: Float32Array;
}

/**
 * Throws unless both ends of every edge are nodes.
 *
 * @throws IndexError for a node that does not exist
 * @throws ShapeError for lists of different lengths
 * @throws StructError for what has no edges
 */
export function checkHostEdges(caller: string, edges: HostEdges): void {
  checkRecord(caller, "edges", edges, ["sources", "targets", "numNodes"]);
  const { sources, targets, numNodes, weights } = edges;
  if (!Number.isInteger(numNodes) || numNodes < 0)
    throw new ShapeError(`${caller}: numNodes is ${numNodes}, expected an integer of 0 or more.`);
  const lengths = [targets.length, weights?.length ?? sources.length];
  if (lengths.some((length) => length !== sources.length))
    throw new ShapeError(
      `${caller}: ${sources.length} sources, ${targets.length} targets and ${weights?.length ?? "no"} weights, expected one of each for every edge.`,
    );
  for (const ends of [sources, targets]) {
    const wrong = ends.findIndex((node) => !(node >= 0 && node < numNodes));
    if (wrong !== -1)
      throw new IndexError(
        `${caller}: edge ${wrong} has node ${ends[wrong]}, expected 0 to ${numNodes - 1}. Pass the right numNodes.`,
      );
  }
}
