import { checkArguments, DataError, tidyLeaves } from "@pellucid/core-train";
import { concat, type Tensor, type Tensor1D, tensor1d, type Tensor2D } from "@tensorflow/tfjs-core";
import { batchOf, joinEdges, offsetsOf } from "../graph/batch-graphs.ts";
import { edgeIndexOf } from "../graph/edge-index.ts";
import { EdgeList, edgesOf } from "../graph/edge-list.ts";
import { checkHeteroGraph, type HeteroGraph, rowsOf } from "./hetero-graph.ts";
import { relationParts } from "./relation-name.ts";

/** What {@link batchHeteroGraphs} adds to a graph. */
export interface HeteroBatchFields {
  readonly batch: Readonly<Record<string, Tensor1D>>;
  readonly numGraphs: number;
}

/**
 * Puts typed graphs side by side as one without edges between them; `batch` has the graph of each node, by type. All need the same types of nodes and relations; one without
 * edges has `[2, 0]`.
 *
 * @throws DataError where there are no graphs, or types differ
 */
export function batchHeteroGraphs(graphs: readonly HeteroGraph[]): HeteroGraph & HeteroBatchFields {
  checkArguments("batchHeteroGraphs", { "{ x, edgeIndex }[]": { graphs } });
  const [first] = graphs;
  if (first === undefined)
    throw new DataError("batchHeteroGraphs: there are no graphs, expected one or more.");
  for (const [i, graph] of graphs.entries()) {
    checkHeteroGraph("batchHeteroGraphs", graph);
    for (const field of ["x", "edgeIndex", "edgeWeight", "edgeAttr", "y"] as const) {
      const [found, expected] = [graph, first].map((g) =>
        Object.keys(g[field] ?? {})
          .toSorted()
          .join(", "),
      );
      if (found !== expected)
        throw new DataError(
          `batchHeteroGraphs: ${field} of graph ${i} has ${found || "nothing"}, expected ${expected || "nothing"} as in graph 0.`,
          { item: i },
        );
    }
  }
  const types = Object.keys(first.x);
  const offsets = new Map(types.map((type) => [type, offsetsOf(graphs.map(({ x }) => rowsOf(x, type)))]));
  return tidyLeaves(() => {
    const byType = <T extends Tensor>(of: (graph: HeteroGraph) => Readonly<Record<string, T>> | undefined) =>
      Object.fromEntries(
        Object.keys(of(first) ?? {}).map((type) => [
          type,
          concat(
            graphs.map((graph) => of(graph)?.[type] as T),
            0,
          ),
        ]),
      );
    const edgeIndex = Object.keys(first.edgeIndex).map((name): [string, Tensor2D] => {
      const [source, , target] = relationParts("batchHeteroGraphs", name);
      const lists = graphs.map((graph) => edgesOf(graph.edgeIndex[name] as Tensor2D));
      const end = (which: "source" | "target", type: string) =>
        joinEdges(lists, offsets.get(type) as Int32Array)[which];
      return [name, edgeIndexOf(new EdgeList(end("source", source), end("target", target)))];
    });
    const sizes = (type: string) => graphs.map(({ x }) => rowsOf(x, type));
    return {
      x: byType<Tensor2D>(({ x }) => x),
      edgeIndex: Object.fromEntries(edgeIndex),
      ...(first.edgeWeight !== undefined && { edgeWeight: byType<Tensor1D>(({ edgeWeight }) => edgeWeight) }),
      ...(first.edgeAttr !== undefined && { edgeAttr: byType<Tensor2D>(({ edgeAttr }) => edgeAttr) }),
      ...(first.y !== undefined && { y: byType(({ y }) => y) }),
      batch: Object.fromEntries(types.map((type) => [type, tensor1d(batchOf(sizes(type)), "int32")])),
      numGraphs: graphs.length,
    };
  });
}
