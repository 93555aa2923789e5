import {
  checkArguments,
  checkChoice,
  checkOptions,
  checkShape,
  isIntercepted,
  sizeAlong,
} from "@pellucid/core-train";
import { mul, reshape, type Tensor, type Tensor1D, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { checkEdges } from "../graph/check-graph.ts";
import type { EdgeList } from "../graph/edge-list.ts";
import type { Edges } from "../graph/graph.ts";
import { gatherRows } from "./gather-rows.ts";
import { indexOfGroups, messageGroups } from "./groups.ts";
import { Messages } from "./messages.ts";
import {
  column,
  inverseCounts,
  segmentMax,
  segmentMean,
  segmentMin,
  segmentMul,
  segmentSum,
} from "./segment.ts";
import { observed, sendSum } from "./send.ts";

/** A graph whose messages go from one set of nodes to another, or within one. */
export interface Propagated extends Edges {
  /** `[node, …]`, or those of the sources and those of the targets. */
  readonly x: Tensor | readonly [source: Tensor, target: Tensor];
}

/** What a message is computed from, one row for each edge. */
export interface MessageInputs {
  /** Features of the target: `[edge, …]`. */
  readonly xi: Tensor;
  /** Features of the source: `[edge, …]`. */
  readonly xj: Tensor;
  /** `[edge]` */
  readonly edgeWeight?: Tensor1D | undefined;
  /** `[edge, feature]` */
  readonly edgeAttr?: Tensor2D | undefined;
  /** The target of each edge, int32 `[edge]`. */
  readonly index: Tensor1D;
  /** How many targets there are. */
  readonly size: number;
}

const reductions = {
  add: segmentSum,
  sum: segmentSum,
  mean: segmentMean,
  max: segmentMax,
  min: segmentMin,
  mul: segmentMul,
};

/** A reduction of messages by name. */
export type Reduction = keyof typeof reductions;

/** What reduces messages: `x` has one row for each, `index` the target, int32 `[edge]`. */
export interface Aggregate {
  forward(messages: { readonly x: Tensor; readonly index: Tensor1D; readonly size: number }): Tensor;
}

/** Options for {@link propagate}. */
export interface PropagateOptions {
  /** What an edge sends. Default: the features of the source, times the weight of the edge if it has one. */
  readonly message?: (inputs: MessageInputs) => Tensor;
  /** How the messages that reach a node become one: a name, or an aggregation such as {@link MedianAggregation}. Default: `"sum"`. */
  readonly aggregate?: Reduction | Aggregate;
  /** What a node makes of them. Default: it takes them as they are. */
  readonly update?: (aggregated: Tensor, x: Tensor) => Tensor;
  /** Where explanations observe the messages. Default: nowhere. */
  readonly messages?: Messages;
}

/**
 * Message passing: `xᵢ′ = update(aggregate over edges j → i of message(xᵢ, xⱼ, eⱼᵢ), xᵢ)`.
 *
 * Gilmer et al., 2017. Neural message passing for quantum chemistry. https://arxiv.org/abs/1704.01212
 *
 * ```ts
 * propagate(graph, { message: ({ xi, xj }) => add(xi, xj), aggregate: "sum" });
 * ```
 *
 * PyG's `MessagePassing` with `flow="source_to_target"`. Without a message of its own a sum or a mean has no messages in memory.
 *
 * @returns `[target, …]`, of the caller
 * @throws {ShapeError} If the parts of the graph, or the messages, do not fit together.
 * @throws {IndexError} If an edge leads to a node that does not exist.
 */
export function propagate(graph: Propagated, options: PropagateOptions = {}): Tensor {
  checkArguments("propagate", { "{ x, edgeIndex }": { graph } });
  checkOptions("propagate", options, ["message", "aggregate", "update", "messages"]);
  const {
    message,
    aggregate = "sum",
    update = (aggregated: Tensor) => aggregated,
    messages = new Messages(),
  } = options;
  if (typeof aggregate === "string")
    checkChoice("propagate", "aggregate", aggregate, Object.keys(reductions) as [string]);
  const [source, target] = Array.isArray(graph.x)
    ? (graph.x as [Tensor, Tensor])
    : [graph.x as Tensor, graph.x as Tensor];
  const [sources, size] = [sizeAlong(source, 0), sizeAlong(target, 0)];
  const edges = checkEdges("propagate", graph, sources, size);
  return tidy(() => {
    if (message === undefined && isSum(aggregate) && !isIntercepted(messages) && source.dtype === "float32") {
      const sums = summed(source, graph.edgeWeight, edges, size, aggregate);
      return update(sums, target);
    }
    const sent = (message ?? weightedSource)(inputsOf(graph, [source, target], edges, size));
    checkShape("propagate", "what message returns", sent.rank === 0 ? reshape(sent, [1]) : sent, [
      edges.length,
      ...sent.shape.slice(1),
    ]);
    return update(reduceMessages(observed(sent, edges, messages), edges, size, aggregate), target);
  });
}

/** Messages reduced for each target. */
export function reduceMessages(
  messages: Tensor,
  edges: EdgeList,
  size: number,
  aggregate: Reduction | Aggregate,
): Tensor {
  const groups = messageGroups(edges);
  if (typeof aggregate === "string") return reductions[aggregate](messages, groups, size);
  return aggregate.forward({ x: messages, index: indexOfGroups(groups), size });
}

function isSum(aggregate: Reduction | Aggregate): aggregate is "sum" | "add" | "mean" {
  return aggregate === "sum" || aggregate === "add" || aggregate === "mean";
}

function summed(
  source: Tensor,
  edgeWeight: Tensor1D | undefined,
  edges: EdgeList,
  size: number,
  aggregate: "sum" | "add" | "mean",
): Tensor {
  const [rows = 0, ...rest] = source.shape;
  const flat = reshape<Tensor2D["rankType"]>(source, [rows, rest.reduce((product, n) => product * n, 1)]);
  const weight = edgeWeight === undefined ? null : column(edgeWeight);
  const sums = sendSum(flat, weight, edges, size, new Messages()); // [target, feature]
  const reduced = aggregate === "mean" ? mul(sums, inverseCounts(messageGroups(edges), size)) : sums;
  return reshape(reduced, [size, ...rest]);
}

function inputsOf(
  { edgeWeight, edgeAttr }: Edges,
  [source, target]: readonly [Tensor, Tensor],
  edges: EdgeList,
  size: number,
): MessageInputs {
  return {
    xi: gatherRows(target, edges.target),
    xj: gatherRows(source, edges.source),
    edgeWeight,
    edgeAttr,
    index: indexOfGroups(messageGroups(edges)),
    size,
  };
}

function weightedSource({ xj, edgeWeight }: MessageInputs): Tensor {
  if (edgeWeight === undefined) return xj;
  return mul(xj, reshape(edgeWeight, [edgeWeight.size, ...xj.shape.slice(1).map(() => 1)]));
}
