import { checkArguments, checkChoice, checkOptions, tidyLeaves } from "@pellucid/core-train";
import { concat, reshape, type Tensor, type Tensor1D } from "@tensorflow/tfjs-core";
import { segmentMax, segmentMean, segmentMin, segmentMul, segmentSum } from "../propagate/segment.ts";
import { checkEdges } from "./check-graph.ts";
import { edgeIndexOf } from "./edge-index.ts";
import { EdgeList } from "./edge-list.ts";
import type { Edges } from "./graph.ts";
import type { EdgeReduction } from "./self-loops.ts";

/** Options for {@link coalesce} and {@link toUndirected}. */
export interface CoalesceOptions {
  /** How weights and features of edges with the same ends become one. Default: `"sum"`. */
  readonly reduce?: EdgeReduction;
}

const reductions = {
  add: segmentSum,
  sum: segmentSum,
  mean: segmentMean,
  min: segmentMin,
  max: segmentMax,
  mul: segmentMul,
};

/**
 * Sorts edges by source, then by target, and makes one of those with the same ends. It removes no self-loops.
 *
 * @returns edges of their own
 */
export function coalesce(graph: Edges, options: CoalesceOptions = {}): Edges {
  return merge(
    "coalesce",
    graph,
    options,
    (edges) => edges,
    (values) => values,
  );
}

/**
 * Adds the other direction of each edge, then sorts and merges as {@link coalesce} does.
 *
 * The reduction counts each direction: with `"sum"` a self-loop's weight doubles, and so does that of an edge which has both
 * directions already; `"mean"` or `"max"` leave them as they are.
 *
 * @returns edges of their own
 */
export function toUndirected(graph: Edges, options: CoalesceOptions = {}): Edges {
  return merge(
    "toUndirected",
    graph,
    options,
    ({ source, target }) =>
      new EdgeList(Int32Array.from([...source, ...target]), Int32Array.from([...target, ...source])),
    (values) => concat([values, values], 0),
  );
}

/** Merged edges, and of each of the old which it became. */
interface Merged {
  readonly list: EdgeList;
  readonly groups: EdgeList;
}

function merge(
  caller: string,
  graph: Edges,
  options: CoalesceOptions,
  extend: (edges: EdgeList) => EdgeList,
  repeat: (values: Tensor) => Tensor,
): Edges {
  checkArguments(caller, { "{ edgeIndex }": { graph } });
  checkOptions(caller, options, ["reduce"]);
  const { reduce = "sum" } = options;
  checkChoice(caller, "reduce", reduce, Object.keys(reductions) as [string]);
  const edges = checkEdges(caller, graph, Infinity);
  const { list, groups } = edges.derive(caller, () => merged(extend(edges)));
  const reduced = <T extends Tensor>(values: T): T =>
    reductions[reduce](repeat(values) as T, groups, list.length);
  const { edgeWeight, edgeAttr } = graph;
  return tidyLeaves(() => ({
    edgeIndex: edgeIndexOf(list),
    ...(edgeWeight !== undefined && { edgeWeight: reshape<Tensor1D["rankType"]>(reduced(edgeWeight), [-1]) }),
    ...(edgeAttr !== undefined && { edgeAttr: reduced(edgeAttr) }),
  }));
}

function merged({ source, target }: EdgeList): Merged {
  const order = Int32Array.from(source.keys()).sort(
    (a, b) => (source[a] ?? NaN) - (source[b] ?? NaN) || (target[a] ?? NaN) - (target[b] ?? NaN) || a - b,
  );
  const group = new Int32Array(order.length);
  const firsts: number[] = [];
  for (const e of order) {
    const last = firsts.at(-1);
    if (last === undefined || source[last] !== source[e] || target[last] !== target[e]) firsts.push(e);
    group[e] = firsts.length - 1;
  }
  const list = new EdgeList(
    Int32Array.from(firsts, (e) => source[e] ?? NaN),
    Int32Array.from(firsts, (e) => target[e] ?? NaN),
  );
  return { list, groups: new EdgeList(Int32Array.from(order.keys()), group) };
}
