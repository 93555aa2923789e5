import { checkArguments, DataError, type HostData, type HostTensor, ShapeError } from "@pellucid/core-train";
import { batchOf, fieldNames, joinEdges, offsetsOf } from "./batch-graphs.ts";
import { EdgeList } from "./edge-list.ts";
import { nodeIds } from "./node-ids.ts";

/** A graph on the host, as datasets give them: tensors as `{ data, shape }`; numbers are one for each graph. */
export interface HostGraph {
  /** `[node, feature]` */
  readonly x: HostTensor;
  /** int32 `[2, edge]` */
  readonly edgeIndex: HostTensor;
  readonly [name: string]: HostTensor | number | undefined;
}

/** What {@link collateGraphs} makes: tensors of `batches` are then those of a {@link Graph}. */
export type HostGraphBatch = {
  readonly x: HostTensor & { readonly shape: readonly [node: number, feature: number] };
  readonly edgeIndex: HostTensor<Int32Array> & { readonly shape: readonly [2, edge: number] };
  readonly batch: HostTensor<Int32Array> & { readonly shape: readonly [node: number] };
  readonly ptr: HostTensor<Int32Array> & { readonly shape: readonly [graph: number] };
};

/**
 * Puts graphs side by side as {@link batchGraphs} does, on the host: for `batches(dataset, { size, collate: collateGraphs })`.
 *
 * @throws {DataError} If there are no graphs, or some have fields that others lack.
 * @throws {ShapeError} If a field does not fit.
 * @throws {IndexError} If an edge leads to a node that does not exist.
 */
export function collateGraphs(graphs: readonly HostGraph[]): HostGraphBatch & Record<string, HostTensor> {
  checkArguments("collateGraphs", { "{ x, edgeIndex }[]": { graphs } });
  if (graphs.length === 0) throw new DataError("collateGraphs: there are no graphs, expected one or more.");
  const sizes = graphs.map(({ x }) => x.shape[0] ?? 0);
  const offsets = offsetsOf(sizes);
  const list = joinEdges(
    graphs.map((graph, i) => listOf(graph, i, sizes[i] ?? NaN)),
    offsets,
  );
  const ids = new Int32Array(2 * list.length);
  ids.set(list.source);
  ids.set(list.target, list.length);
  const fields = fieldNames(graphs).map((name) => [
    name,
    joined(
      name,
      graphs.map((graph) => graph[name] as HostTensor | number),
    ),
  ]);
  return {
    ...(Object.fromEntries(fields) as Record<string, HostTensor> & Pick<HostGraphBatch, "x">),
    edgeIndex: { data: ids, shape: [2, list.length] },
    batch: { data: batchOf(sizes), shape: [offsets.at(-1) ?? 0] },
    ptr: { data: offsets, shape: [graphs.length + 1] },
  };
}

function listOf({ edgeIndex: { data, shape } }: HostGraph, i: number, nodes: number): EdgeList {
  const edges = shape[1] ?? 0;
  if (shape.length !== 2 || shape[0] !== 2 || data.length !== 2 * edges) {
    throw new ShapeError(
      `collateGraphs: edgeIndex of graph ${i} is [${shape.join(", ")}], expected [2, edge], the sources above the targets.`,
    );
  }
  const ids = nodeIds("collateGraphs", `edgeIndex of graph ${i}`, data);
  const list = new EdgeList(ids.slice(0, edges), ids.slice(edges));
  if (Math.max(list.lastSource, list.lastTarget) >= nodes)
    throw new DataError(
      `collateGraphs: edgeIndex of graph ${i} has the id ${Math.max(list.lastSource, list.lastTarget)}, expected ids below ${nodes}, the number of nodes.`,
      { item: i },
    );
  return list;
}

function joined(name: string, values: readonly (HostTensor | number)[]): HostTensor {
  const tensors = values.map(tensorOf);
  const rest = tensors[0]?.shape.slice(1) ?? [];
  const rows = tensors.map(({ shape }) => shape[0] ?? 0);
  for (const [i, { shape }] of tensors.entries()) {
    if (shape.length === rest.length + 1 && shape.slice(1).every((n, axis) => n === rest[axis])) continue;
    throw new ShapeError(
      `collateGraphs: ${name} of graph ${i} is [${shape.join(", ")}], expected [${["any", ...rest].join(", ")}] as in graph 0.`,
    );
  }
  const data = emptyFor(
    tensors.map((tensor) => tensor.data),
    tensors.reduce((size, tensor) => size + tensor.data.length, 0),
  );
  let at = 0;
  for (const tensor of tensors) {
    data.set(tensor.data, at);
    at += tensor.data.length;
  }
  return { data, shape: [rows.reduce((sum, n) => sum + n, 0), ...rest] };
}

function tensorOf(value: HostTensor | number): HostTensor {
  if (typeof value === "number") {
    return { data: Number.isInteger(value) ? Int32Array.of(value) : Float32Array.of(value), shape: [1] };
  }
  return value.shape.length === 0 ? { data: value.data, shape: [1] } : value;
}

function emptyFor(parts: readonly HostData[], length: number): HostData {
  if (parts.some((part) => part instanceof Float32Array)) return new Float32Array(length);
  if (parts.some((part) => part instanceof Int32Array)) return new Int32Array(length);
  return new Uint8Array(length);
}
