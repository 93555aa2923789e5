import { checkArguments, checkShape, DtypeError, IndexError } from "@pellucid/core-train";
import type { Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import type { HeteroInput } from "./hetero-input.ts";
import { checkEdges } from "../graph/check-graph.ts";
import type { Edges } from "../graph/graph.ts";
import { relationParts } from "./relation-name.ts";

/**
 * A graph whose nodes and edges have types: a record of tensors that goes through models and `batches` as any structure does. PyG's `HeteroData`.
 *
 * ```ts
 * const graph: HeteroGraph = {
 *   x: { author: authors, paper: papers },
 *   edgeIndex: { author__writes__paper: writings, paper__cites__paper: citations },
 * };
 * ```
 */
export interface HeteroGraph extends HeteroInput {
  /** The weights of the edges of relations, `[edge]`. */
  readonly edgeWeight?: Readonly<Record<string, Tensor1D>> | undefined;
  /** The features of the edges of relations, `[edge, feature]`. */
  readonly edgeAttr?: Readonly<Record<string, Tensor2D>> | undefined;
  /** Labels by type of nodes. */
  readonly y?: Readonly<Record<string, Tensor>> | undefined;
  /** The graph of each node by type, int32 `[node]`. */
  readonly batch?: Readonly<Record<string, Tensor1D>> | undefined;
  /** How many graphs there are. */
  readonly numGraphs?: number | undefined;
}

/**
 * Throws unless the parts of a typed graph fit together.
 *
 * @throws OptionError for a relation that is not named `source__name__target`
 * @throws IndexError for a type or a node that does not exist
 * @throws ShapeError, DtypeError for tensors that do not fit
 */
export function checkHeteroGraph(caller: string, graph: HeteroGraph): void {
  checkArguments(caller, { "{ x, edgeIndex }": { graph } });
  const { x, edgeIndex, edgeWeight, edgeAttr, y, batch } = graph;
  for (const [type, features] of Object.entries(x)) {
    checkShape(caller, `x of ${type}`, features, ["node", "feature"]);
    if (features.dtype !== "float32")
      throw new DtypeError(`${caller}: x of ${type} is ${features.dtype}, expected float32.`);
  }
  for (const joined of Object.keys(edgeIndex)) {
    const [source, , target] = relationParts(caller, joined);
    for (const type of [source, target])
      if (!(type in x))
        throw new IndexError(
          `${caller}: ${joined} has the type ${type}, expected one of ${Object.keys(x).join(", ")}.`,
        );
    checkEdges(`${caller}: ${joined}`, edgesOfRelation(graph, joined), rowsOf(x, source), rowsOf(x, target));
  }
  for (const [field, record] of Object.entries({ edgeWeight, edgeAttr }))
    for (const joined of Object.keys(record ?? {}))
      if (!(joined in edgeIndex))
        throw new IndexError(`${caller}: ${field} has the relation ${joined}, which edgeIndex has not.`);
  for (const [name, record] of Object.entries({ y, batch }))
    for (const type of Object.keys(record ?? {}))
      if (!(type in x)) throw new IndexError(`${caller}: ${name} has the type ${type}, which x has not.`);
  for (const [type, of] of Object.entries(batch ?? {}))
    checkShape(caller, `batch of ${type}`, of, [rowsOf(x, type)]);
}

/** How many nodes of a type there are. */
export function rowsOf(x: HeteroGraph["x"], type: string): number {
  return x[type]?.shape[0] ?? 0;
}

/** The edges of one relation, with their weights and features. */
export function edgesOfRelation({ edgeIndex, edgeWeight, edgeAttr }: HeteroGraph, joined: string): Edges {
  return {
    edgeIndex: edgeIndex[joined] as Tensor2D,
    ...(edgeWeight?.[joined] !== undefined && { edgeWeight: edgeWeight[joined] }),
    ...(edgeAttr?.[joined] !== undefined && { edgeAttr: edgeAttr[joined] }),
  };
}
