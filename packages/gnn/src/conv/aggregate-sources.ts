import { isIntercepted } from "@pellucid/core-train";
import { mul, type Tensor2D } from "@tensorflow/tfjs-core";
import type { Aggregation } from "../aggr/aggregation.ts";
import { MeanAggregation, SumAggregation } from "../aggr/basic-aggregations.ts";
import type { EdgeList } from "../graph/edge-list.ts";
import { gatherRows } from "../propagate/gather-rows.ts";
import { messageGroups } from "../propagate/groups.ts";
import type { Messages } from "../propagate/messages.ts";
import { inverseCounts } from "../propagate/segment.ts";
import { observed, sendSum } from "../propagate/send.ts";

/**
 * The sources of each target as one row: messages are features times weights. Sums and means have no messages in memory.
 *
 * @param weight `[edge, 1]`; null for 1
 */
export function aggregateSources(
  x: Tensor2D,
  weight: Tensor2D | null,
  edges: EdgeList,
  size: number,
  aggregation: Aggregation,
  hook: Messages,
): Tensor2D {
  if (!isIntercepted(hook) && isSum(aggregation)) {
    const sums = sendSum(x, weight, edges, size, hook); // [target, feature]
    return aggregation instanceof MeanAggregation
      ? mul(sums, inverseCounts(messageGroups(edges), size))
      : sums;
  }
  const rows = gatherRows(x, edges.source); // [edge, feature]
  return aggregateMessages(weight === null ? rows : mul(rows, weight), edges, size, aggregation, hook);
}

/** Messages `[edge, feature]` as one row for each target. */
export function aggregateMessages(
  messages: Tensor2D,
  edges: EdgeList,
  size: number,
  aggregation: Aggregation,
  hook: Messages,
): Tensor2D {
  return aggregation.reduce(observed(messages, edges, hook), messageGroups(edges), size) as Tensor2D;
}

function isSum(aggregation: Aggregation): boolean {
  return aggregation.constructor === SumAggregation || aggregation.constructor === MeanAggregation;
}
