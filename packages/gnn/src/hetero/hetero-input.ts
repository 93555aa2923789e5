import { OptionError, ShapeError } from "@pellucid/core-train";
import type { Tensor2D } from "@tensorflow/tfjs-core";
import { checkEdges } from "../graph/check-graph.ts";
import type { EdgeList } from "../graph/edge-list.ts";
import { relationName, type RelationType } from "./relation-name.ts";

/** The types of nodes and relations of a graph. */
export interface Metadata {
  readonly nodeTypes: readonly string[];
  readonly edgeTypes: readonly RelationType[];
}

/** What layers on graphs of several types take: records by type; of edges by the names of {@link relationName}. */
export interface HeteroInput {
  /** `[node, feature]` of each type of nodes */
  readonly x: Readonly<Record<string, Tensor2D>>;
  /** int32 `[2, edge]` of each relation; one that is missing has no edges and takes no part */
  readonly edgeIndex: Readonly<Record<string, Tensor2D>>;
}

/** @throws {OptionError} If a relation joins types of nodes that do not exist. */
export function checkMetadata(caller: string, { nodeTypes, edgeTypes }: Metadata): void {
  for (const type of edgeTypes)
    for (const end of [type[0], type[2]])
      if (!nodeTypes.includes(end))
        throw new OptionError(
          caller,
          "edgeTypes",
          relationName(type),
          `relations between ${nodeTypes.join(", ")}`,
        );
}

/** The edges of one relation, checked. */
export function relationEdges(caller: string, input: HeteroInput, type: RelationType): EdgeList | null {
  const name = relationName(type);
  const edgeIndex = input.edgeIndex[name];
  const [source, target] = [input.x[type[0]], input.x[type[2]]];
  if (edgeIndex === undefined) return null;
  if (source === undefined || target === undefined)
    throw new ShapeError(
      `${caller}: x has no ${source === undefined ? type[0] : type[2]}, expected features of each end of ${name}.`,
    );
  return checkEdges(`${caller}, ${name}`, { edgeIndex }, source.shape[0], target.shape[0]);
}
