import { ShapeError, tidyLeaves } from "@pellucid/core-train";
import { concat, type Tensor1D, tensor1d } from "@tensorflow/tfjs-core";
import { batchOf, offsetsOf } from "../graph/batch-graphs.ts";
import { edgeIndexOf } from "../graph/edge-index.ts";
import { EdgeList, edgesOf } from "../graph/edge-list.ts";
import type { Graph } from "../graph/graph.ts";
import { checkHeteroGraph, type HeteroGraph, rowsOf } from "./hetero-graph.ts";
import { relationParts } from "./relation-name.ts";

/** A graph in which types are numbers. */
export interface HomogeneousGraph extends Graph {
  /** The type of each node, in the order of the types of `x`: int32 `[node]`. */
  readonly nodeType: Tensor1D;
  /** The relation of each edge, in the order of `edgeIndex`: int32 `[edge]`. */
  readonly edgeType: Tensor1D;
}

/**
 * One graph of all nodes and edges, type after type, with the type of each as a number: what RGCN takes. PyG's `HeteroData.to_homogeneous`. Weights of edges are kept if all relations
 * have them.
 *
 * @throws ShapeError where the types have different numbers of features
 */
export function toHomogeneous(graph: HeteroGraph): HomogeneousGraph {
  checkHeteroGraph("toHomogeneous", graph);
  const types = Object.keys(graph.x);
  const features = new Set(Object.values(graph.x).map(({ shape }) => shape[1]));
  if (features.size !== 1)
    throw new ShapeError(
      `toHomogeneous: the types have ${[...features].join(", ")} features, expected the same number. Map each type to that many first.`,
    );
  const sizes = types.map((type) => rowsOf(graph.x, type));
  const offsets = offsetsOf(sizes);
  const relations = Object.entries(graph.edgeIndex);
  const end = (which: "source" | "target") =>
    Int32Array.from(
      relations.flatMap(([name, edgeIndex]) => {
        const [source, , target] = relationParts("toHomogeneous", name);
        const offset = offsets[types.indexOf(which === "source" ? source : target)] as number;
        return Array.from(edgesOf(edgeIndex)[which], (id) => id + offset);
      }),
    );
  const weights = relations.flatMap(([name]) => graph.edgeWeight?.[name] ?? []);
  return tidyLeaves(() => ({
    x: concat(Object.values(graph.x), 0),
    edgeIndex: edgeIndexOf(new EdgeList(end("source"), end("target"))),
    nodeType: tensor1d(batchOf(sizes), "int32"),
    edgeType: tensor1d(batchOf(relations.map(([, edgeIndex]) => edgeIndex.shape[1])), "int32"),
    ...(weights.length > 0 && weights.length === relations.length && { edgeWeight: concat(weights, 0) }),
  }));
}
