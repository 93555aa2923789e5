import { checkShape, DtypeError, IndexError, OptionError } from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";
import { type EdgeList, edgesOf } from "./edge-list.ts";
import type { Edges, Graph } from "./graph.ts";

/**
 * Checks that the parts of a graph fit together, and gives its edges.
 *
 * @throws {ShapeError} If a part has another number of nodes or edges.
 * @throws {DtypeError} If a part has another dtype.
 * @throws {IndexError} If an edge leads to a node that does not exist.
 */
export function checkGraph(caller: string, graph: Graph): EdgeList {
  const { x, pos, batch, numGraphs } = graph;
  checkShape(caller, "x", x, ["node", "feature"], "A graph has one row of features for each node.");
  checkFloats(caller, "x", x);
  const nodes = x.shape[0];
  const edges = checkEdges(caller, graph, nodes);
  if (pos !== undefined) {
    checkShape(caller, "pos", pos, [nodes, "coordinate"]);
    checkFloats(caller, "pos", pos);
  }
  for (const name of ["trainMask", "valMask", "testMask"] as const) {
    const mask = graph[name];
    if (mask === undefined) continue;
    checkShape(caller, name, mask, [nodes]);
    checkDtype(caller, name, mask, "bool");
  }
  if (batch !== undefined) {
    checkShape(caller, "batch", batch, [nodes]);
    checkDtype(caller, "batch", batch, "int32");
  }
  if (numGraphs !== undefined && (!Number.isInteger(numGraphs) || numGraphs < 0))
    throw new OptionError(caller, "numGraphs", String(numGraphs), "an integer of 0 or more");
  return edges;
}

/** Checks the edges of a graph of so many nodes, and gives them. */
export function checkEdges(
  caller: string,
  { edgeIndex, edgeWeight, edgeAttr }: Edges,
  sources: number,
  targets = sources,
): EdgeList {
  const edges = edgesOf(edgeIndex, caller);
  checkEnds(caller, "source", edges.lastSource, sources);
  checkEnds(caller, "target", edges.lastTarget, targets);
  if (edgeWeight !== undefined) {
    checkShape(caller, "edgeWeight", edgeWeight, [edges.length]);
    checkFloats(caller, "edgeWeight", edgeWeight);
  }
  if (edgeAttr !== undefined) {
    checkShape(caller, "edgeAttr", edgeAttr, [edges.length, "feature"], "An edge has one row of features.");
    checkFloats(caller, "edgeAttr", edgeAttr);
  }
  return edges;
}

function checkEnds(caller: string, end: string, last: number, nodes: number): void {
  if (last < nodes) return;
  throw new IndexError(
    `${caller}: edgeIndex has the ${end} ${last}, expected ids below ${nodes}, the number of nodes.`,
  );
}

function checkFloats(caller: string, name: string, x: Tensor): void {
  checkDtype(caller, name, x, "float32");
}

function checkDtype(caller: string, name: string, x: Tensor, wanted: "float32" | "int32" | "bool"): void {
  if (x.dtype === wanted) return;
  throw new DtypeError(
    `${caller}: ${name} is ${x.dtype}, expected ${wanted}. Cast it: cast(${name}, "${wanted}").`,
  );
}
