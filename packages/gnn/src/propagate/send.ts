import { isIntercepted } from "@pellucid/core-train";
import { expandDims, mul, reshape, type Tensor, type Tensor2D } from "@tensorflow/tfjs-core";
import { edgeIndexOf } from "../graph/edge-index.ts";
import type { EdgeList } from "../graph/edge-list.ts";
import { gatherRows } from "./gather-rows.ts";
import { gatherSum } from "./gather-sum.ts";
import { messageGroups } from "./groups.ts";
import type { Messages } from "./messages.ts";
import { segmentSum } from "./segment.ts";

/**
 * The sum of weighted neighbours for each target, as {@link gatherSum} gives it; with messages in memory only while `hook` is observed.
 *
 * @param x `[source, feature]`
 * @param weight `[edge, head]`; null for 1
 * @returns `[target, feature]`
 */
export function sendSum(
  x: Tensor2D,
  weight: Tensor2D | null,
  edges: EdgeList,
  rows: number,
  hook: Messages,
): Tensor2D {
  if (!isIntercepted(hook)) return gatherSum(x, weight, edges, rows);
  return segmentSum(
    observed(weighted(gatherRows(x, edges.source), weight), edges, hook),
    messageGroups(edges),
    rows,
  );
}

/** Messages as `hook` gives them on. */
export function observed<M extends Tensor>(messages: M, edges: EdgeList, hook: Messages): M {
  if (!isIntercepted(hook)) return messages;
  return hook.forward({ messages, edgeIndex: edgeIndexOf(edges) }).messages as M;
}

function weighted(messages: Tensor2D, weight: Tensor2D | null): Tensor2D {
  if (weight === null) return messages;
  const [edges, heads] = weight.shape;
  const features = messages.shape[1];
  const perHead = mul(reshape(messages, [edges, heads, features / heads]), expandDims(weight, 2));
  return reshape(perHead, [edges, features]);
}
