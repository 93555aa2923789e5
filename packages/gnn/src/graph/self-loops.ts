import { checkArguments, checkOptions, OptionError, tidyLeaves } from "@pellucid/core-train";
import {
  add,
  concat,
  reshape,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  zeros,
} from "@tensorflow/tfjs-core";
import { gatherRows } from "../propagate/gather-rows.ts";
import { segmentMax, segmentMean, segmentMin, segmentMul, segmentSum } from "../propagate/segment.ts";
import { messageGroups } from "../propagate/groups.ts";
import { checkEdges } from "./check-graph.ts";
import { edgeIndexOf } from "./edge-index.ts";
import { EdgeList } from "./edge-list.ts";
import type { Edges } from "./graph.ts";
import { nodeCount } from "./node-count.ts";

/** How to reduce the features of several edges to one. */
export type EdgeReduction = "add" | "sum" | "mean" | "min" | "max" | "mul";

/** Options for {@link addSelfLoops} and {@link addRemainingSelfLoops}. */
export interface SelfLoopOptions {
  /**
   * Weight and features of the new loops: a number, or how to reduce those of the edges that lead to the node. Default: 1.
   */
  readonly fillValue?: number | EdgeReduction;
  /** How many nodes there are. Default: as many as there are rows of `x`, else one more than the last id. */
  readonly numNodes?: number;
}

/**
 * Adds an edge from each node to itself, after all others, also where there is one already.
 *
 * ```ts
 * const withLoops = { ...graph, ...addSelfLoops(graph) };
 * ```
 *
 * @returns edges of their own, with weights and features if `graph` has them
 */
export function addSelfLoops(graph: Edges, options: SelfLoopOptions = {}): Edges {
  checkArguments("addSelfLoops", { "{ edgeIndex }": { graph } });
  checkOptions("addSelfLoops", options, ["fillValue", "numNodes"]);
  const nodes = nodeCount("addSelfLoops", graph, options.numNodes);
  const edges = checkEdges("addSelfLoops", graph, nodes);
  const changed = edges.derive(`addSelfLoops ${nodes}`, () => withLoops(edges, nodes));
  return change(graph, changed, (values) => [
    values,
    fill("addSelfLoops", values, edges, nodes, options.fillValue),
  ]);
}

/**
 * Gives each node exactly one edge to itself, after all others: where there is one it keeps its weight and features, of several
 * the last; the other nodes get a new one.
 */
export function addRemainingSelfLoops(graph: Edges, options: SelfLoopOptions = {}): Edges {
  checkArguments("addRemainingSelfLoops", { "{ edgeIndex }": { graph } });
  checkOptions("addRemainingSelfLoops", options, ["fillValue", "numNodes"]);
  const nodes = nodeCount("addRemainingSelfLoops", graph, options.numNodes);
  const edges = checkEdges("addRemainingSelfLoops", graph, nodes);
  const { list, from } = remainingLoops(edges, nodes);
  return change(graph, list, (values) => [
    gatherRows(
      concat([values, fill("addRemainingSelfLoops", values, edges, nodes, options.fillValue)], 0),
      from,
    ),
  ]);
}

/** Removes each edge that leads from a node to itself. */
export function removeSelfLoops(graph: Edges): Edges {
  checkArguments("removeSelfLoops", { "{ edgeIndex }": { graph } });
  const edges = checkEdges("removeSelfLoops", graph, Infinity);
  const { list, from } = withoutLoops(edges);
  return change(graph, list, (values) => [gatherRows(values, from)]);
}

/** Edges, and from which of the old ones each comes. */
export interface DerivedEdges {
  readonly list: EdgeList;
  readonly from: Int32Array;
}

/** The edges but for self-loops. */
export function withoutLoops(edges: EdgeList): DerivedEdges {
  return edges.derive("withoutLoops", () => {
    const from = Int32Array.from(edges.source.keys()).filter((e) => edges.source[e] !== edges.target[e]);
    return { list: pickEdges(edges, from), from };
  });
}

/**
 * The edges but for self-loops, then one loop for each node. `from` counts new loops on after the last edge: that of node `i` is
 * edge `length + i`.
 */
export function remainingLoops(edges: EdgeList, nodes: number): DerivedEdges {
  return edges.derive(`remainingLoops ${nodes}`, () => {
    const loops = Int32Array.from({ length: nodes }, (_, node) => edges.length + node);
    for (let e = 0; e < edges.length; e++)
      if (edges.source[e] === edges.target[e]) loops[edges.source[e] ?? NaN] = e;
    const { list, from } = withoutLoops(edges);
    return { list: withLoops(list, nodes), from: joined(from, loops) };
  });
}

/** The edges, then one loop for each node. */
export function withLoops({ source, target }: EdgeList, nodes: number): EdgeList {
  const loops = Int32Array.from({ length: nodes }, (_, node) => node);
  return new EdgeList(joined(source, loops), joined(target, loops));
}

/** Some of the edges, in this order. */
export function pickEdges({ source, target }: EdgeList, from: Int32Array): EdgeList {
  return new EdgeList(
    from.map((e) => source[e] ?? NaN),
    from.map((e) => target[e] ?? NaN),
  );
}

function joined(first: Int32Array, second: Int32Array): Int32Array {
  const all = new Int32Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

const reductions = {
  add: segmentSum,
  sum: segmentSum,
  mean: segmentMean,
  min: segmentMin,
  max: segmentMax,
  mul: segmentMul,
};

/** What new loops carry: `[node, …]`. */
export function fill<T extends Tensor>(
  caller: string,
  values: T,
  edges: EdgeList,
  nodes: number,
  fillValue: number | EdgeReduction = 1,
): T {
  if (typeof fillValue === "number") return add(zeros([nodes, ...values.shape.slice(1)]), fillValue) as T;
  const reduce = reductions[fillValue];
  if (reduce === undefined)
    throw new OptionError(
      caller,
      "fillValue",
      fillValue,
      `a number or one of ${Object.keys(reductions).join(", ")}`,
    );
  return reduce(values, messageGroups(edges), nodes);
}

/** New edges, with weights and features of which `parts` makes the parts to join. */
function change(
  { edgeWeight, edgeAttr }: Edges,
  list: EdgeList,
  parts: (values: Tensor2D) => Tensor2D[],
): Edges {
  return tidyLeaves(() => ({
    edgeIndex: edgeIndexOf(list),
    ...(edgeWeight !== undefined && {
      edgeWeight: reshape<Tensor1D["rankType"]>(concat(parts(reshape(edgeWeight, [edgeWeight.size, 1])), 0), [
        list.length,
      ]),
    }),
    ...(edgeAttr !== undefined && { edgeAttr: concat(parts(edgeAttr), 0) }),
  }));
}
