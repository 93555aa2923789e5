import { checkArguments, DataError, ShapeError, tidyLeaves } from "@pellucid/core-train";
import { concat, expandDims, Tensor, type Tensor1D, tensor1d } from "@tensorflow/tfjs-core";
import { checkGraph } from "./check-graph.ts";
import { edgeIndexOf } from "./edge-index.ts";
import { EdgeList } from "./edge-list.ts";
import type { Graph } from "./graph.ts";

/**
 * Puts graphs side by side as one that has no edges between them, so that a model computes all at once. `batch` then says to which
 * graph each node belongs, `ptr` where the nodes of each start. All other tensors are joined along their first axis; numbers become
 * one tensor. A graph may have no nodes or edges.
 *
 * PyG's `Batch.from_data_list`. For `batches`, which works on numbers on the host, {@link collateGraphs} does the same.
 *
 * @throws {DataError} If there are no graphs, or some have fields that others lack.
 * @throws {ShapeError} If fields have different numbers of features.
 */
export function batchGraphs<G extends Graph>(graphs: readonly G[]): G & BatchFields {
  checkArguments("batchGraphs", { "{ x, edgeIndex }[]": { graphs } });
  const [first] = graphs;
  if (first === undefined) throw new DataError("batchGraphs: there are no graphs, expected one or more.");
  const lists = graphs.map((graph) => checkGraph("batchGraphs", graph));
  const sizes = graphs.map(({ x }) => x.shape[0]);
  const offsets = offsetsOf(sizes);
  return tidyLeaves(() => {
    const fields = fieldNames(graphs).map((name) => [
      name,
      joinField(
        name,
        graphs.map((graph) => (graph as unknown as Record<string, unknown>)[name]),
      ),
    ]);
    return {
      ...Object.fromEntries(fields),
      edgeIndex: edgeIndexOf(joinEdges(lists, offsets)),
      batch: tensor1d(batchOf(sizes), "int32"),
      ptr: tensor1d(offsets, "int32"),
      numGraphs: graphs.length,
    } as unknown as G & BatchFields;
  });
}

/** What {@link batchGraphs} adds to a graph. */
export interface BatchFields {
  /** The graph of each node, int32 `[node]`. */
  readonly batch: Tensor1D;
  /** Where the nodes of each graph start, int32 `[graph + 1]`. */
  readonly ptr: Tensor1D;
  readonly numGraphs: number;
}

/** 0, then the sum up to each: `[2, 3]` -> `[0, 2, 5]`. */
export function offsetsOf(sizes: readonly number[]): Int32Array {
  const offsets = new Int32Array(sizes.length + 1);
  for (const [i, size] of sizes.entries()) offsets[i + 1] = (offsets[i] ?? NaN) + size;
  return offsets;
}

/** Each index as often as its size says: `[2, 3]` -> `[0, 0, 1, 1, 1]`. */
export function batchOf(sizes: readonly number[]): Int32Array {
  return Int32Array.from(sizes.flatMap((size, i) => new Array<number>(size).fill(i)));
}

/** The edges of graphs side by side. */
export function joinEdges(lists: readonly EdgeList[], offsets: Int32Array): EdgeList {
  const join = (end: "source" | "target") =>
    Int32Array.from(lists.flatMap((list, i) => Array.from(list[end], (id) => id + (offsets[i] ?? NaN))));
  return new EdgeList(join("source"), join("target"));
}

/** The fields that joining keeps: all but those that it makes. */
export function fieldNames(graphs: readonly object[]): string[] {
  const made = ["edgeIndex", "batch", "ptr", "numGraphs"];
  const names = (graph: object) =>
    Object.entries(graph).flatMap(([name, field]) =>
      field === undefined || made.includes(name) ? [] : [name],
    );
  const expected = names(graphs[0] as object);
  for (const [i, graph] of graphs.entries()) {
    const found = names(graph);
    const odd =
      expected.find((name) => !found.includes(name)) ?? found.find((name) => !expected.includes(name));
    if (odd !== undefined) {
      const [has, lacks] = found.includes(odd) ? [i, 0] : [0, i];
      throw new DataError(
        `batchGraphs: graph ${has} has ${odd}, graph ${lacks} has none, expected the same fields.`,
        {
          item: i,
        },
      );
    }
  }
  return expected;
}

function joinField(name: string, values: readonly unknown[]): unknown {
  const [first] = values;
  if (values.every((value) => typeof value === "number")) {
    return values.every(Number.isInteger)
      ? tensor1d(Int32Array.from(values), "int32")
      : tensor1d(Float32Array.from(values));
  }
  if (!(first instanceof Tensor)) return [...values];
  const tensors = (values as Tensor[]).map((value) => (value.rank === 0 ? expandDims(value) : value));
  const rest = tensors[0]?.shape.slice(1) ?? [];
  for (const [i, { shape }] of tensors.entries()) {
    if (shape.length === rest.length + 1 && shape.slice(1).every((n, axis) => n === rest[axis])) continue;
    throw new ShapeError(
      `batchGraphs: ${name} of graph ${i} is [${shape.join(", ")}], expected [${["any", ...rest].join(", ")}] as in graph 0.`,
    );
  }
  return concat(tensors, 0);
}
