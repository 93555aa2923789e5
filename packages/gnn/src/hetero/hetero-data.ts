import type { HostTensor } from "@pellucid/core-train";
import type { HostEdges } from "../convert/host-edges.ts";
import { relationParts } from "./relation-name.ts";

/** A typed graph on the host, as datasets and samplers have it. */
export interface HeteroData {
  /** By type of nodes, `[node, feature]`. */
  readonly x: Readonly<Record<string, HostTensor<Float32Array>>>;
  /** By relation, `[2, edge]`: the sources, then the targets. */
  readonly edgeIndex: Readonly<Record<string, HostTensor<Int32Array>>>;
  /** By relation, `[edge]`. */
  readonly edgeWeight?: Readonly<Record<string, HostTensor<Float32Array>>>;
  /** By relation, `[edge, feature]`. */
  readonly edgeAttr?: Readonly<Record<string, HostTensor<Float32Array>>>;
  /** Labels by type of nodes. */
  readonly y?: Readonly<Record<string, HostTensor>>;
}

/** The edges of the relation `name`, such as `author__writes__paper`, and the number of nodes of its source and target type. A relation that the graph lacks has none. */
export function hostEdgesOfRelation(
  caller: string,
  { x, edgeIndex }: HeteroData,
  name: string,
): HostEdges & { readonly numSources: number; readonly numTargets: number } {
  const [source, , target] = relationParts(caller, name);
  const { data, shape } = edgeIndex[name] ?? { data: new Int32Array(0), shape: [2, 0] };
  const count = shape[1] ?? 0; // of edges
  const [numSources, numTargets] = [x[source]?.shape[0] ?? 0, x[target]?.shape[0] ?? 0];
  return {
    numNodes: Math.max(numSources, numTargets),
    numSources,
    numTargets,
    sources: data.subarray(0, count),
    targets: data.subarray(count),
  };
}
