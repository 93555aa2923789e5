import { checkArguments, checkOptions, tidyLeaves } from "@pellucid/core-train";
import { type Tensor1D, tensor1d } from "@tensorflow/tfjs-core";
import { edgesOf } from "./edge-list.ts";
import type { Edges } from "./graph.ts";
import { nodeCount } from "./node-count.ts";

/** Options for {@link toCsr}. */
export interface CsrOptions {
  /** Which end the rows are: with `"target"` row `i` has what node `i` receives. Default: `"source"`, as adjacency matrices have it. */
  readonly rows?: "source" | "target";
  /** How many nodes there are. Default: as many as there are rows of `x`, else one more than the last id. */
  readonly numNodes?: number;
}

/** A graph by rows: those of row `i` lie from `ptr[i]` to `ptr[i + 1]`. */
export interface CsrTensors {
  /** int32 `[node + 1]` */
  readonly ptr: Tensor1D;
  /** The other end of each edge, int32 `[edge]`. */
  readonly column: Tensor1D;
  /** Which edge of `edgeIndex` it is, int32 `[edge]`: `gather(edgeWeight, edge)` has the weights in the order of `column`. */
  readonly edge: Tensor1D;
}

/** Compressed sparse rows of a graph. Edges of a row keep their order. */
export function toCsr(graph: Edges, options: CsrOptions = {}): CsrTensors {
  checkArguments("toCsr", { "{ edgeIndex }": { graph } });
  checkOptions("toCsr", options, ["rows", "numNodes"]);
  const nodes = nodeCount("toCsr", graph, options.numNodes);
  const edges = edgesOf(graph.edgeIndex, "toCsr");
  const { ptr, column, edge } = options.rows === "target" ? edges.byTarget(nodes) : edges.bySource(nodes);
  return tidyLeaves(() => ({
    ptr: tensor1d(ptr, "int32"),
    column: tensor1d(column, "int32"),
    edge: tensor1d(edge, "int32"),
  }));
}
