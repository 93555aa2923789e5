import { isIntercepted } from "@pellucid/core-train";
import { add, type Tensor2D, tensor2d, zeros } from "@tensorflow/tfjs-core";
import type { Aggregation } from "../aggr/aggregation.ts";
import { MeanAggregation, SumAggregation } from "../aggr/basic-aggregations.ts";
import { EdgeList } from "../graph/edge-list.ts";
import { gatherRows } from "../propagate/gather-rows.ts";
import { gatherSum } from "../propagate/gather-sum.ts";
import type { Messages } from "../propagate/messages.ts";
import { countsOf } from "../propagate/segment.ts";
import { aggregateSources } from "./aggregate-sources.ts";

/**
 * The messages of nodes that have no features but those of each relation, summed over relations. Sums and means are one pass over all edges.
 *
 * @param rows the features of each relation and id, `[relation · id, feature]`
 * @param ids of the nodes
 * @param parts the edges of each relation
 * @returns `[target, feature]`
 */
export function relationSums(
  rows: Tensor2D,
  ids: Int32Array,
  parts: readonly EdgeList[],
  size: number,
  aggregation: Aggregation,
  hook: Messages,
): Tensor2D {
  const [count, features] = rows.shape;
  const width = count / parts.length;
  const kind = aggregation.constructor;
  if (!isIntercepted(hook) && (kind === SumAggregation || kind === MeanAggregation)) {
    const { edges, shares } = joined(parts, ids, width, size);
    const weight = kind === SumAggregation ? null : tensor2d(shares, [shares.length, 1]);
    return gatherSum(rows, weight, edges, size);
  }
  return parts.reduce<Tensor2D>(
    (sum, part, relation) => {
      if (part.length === 0) return sum;
      const own = gatherRows(
        rows,
        ids.map((id) => relation * width + id),
      ); // [node, feature]
      return add(sum, aggregateSources(own, null, part, size, aggregation, hook));
    },
    zeros([size, features]),
  );
}

interface Joined {
  readonly edges: EdgeList;
  /** One over the number of edges of its relation that reach its target. */
  readonly shares: Float32Array;
}

const made = new WeakMap<readonly EdgeList[], Joined & { readonly ids: Int32Array }>();

/** The edges of all relations, from a row of the weights to a node. */
function joined(parts: readonly EdgeList[], ids: Int32Array, width: number, size: number): Joined {
  const found = made.get(parts);
  if (found?.ids === ids) return found;
  const source = parts.flatMap((part, relation) =>
    Array.from(part.source, (j) => relation * width + (ids[j] ?? NaN)),
  );
  const target = parts.flatMap((part) => Array.from(part.target));
  const shares = parts.flatMap((part) => {
    const counts = countsOf(part, size);
    return Array.from(part.target, (i) => 1 / (counts[i] ?? NaN));
  });
  const joint = {
    ids,
    edges: new EdgeList(Int32Array.from(source), Int32Array.from(target)),
    shares: Float32Array.from(shares),
  };
  made.set(parts, joint);
  return joint;
}
