import {
  add,
  concat,
  equal,
  fill,
  mul,
  reshape,
  rsqrt,
  type Tensor1D,
  type Tensor2D,
  tensor2d,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import type { EdgeList } from "../graph/edge-list.ts";
import { remainingLoops } from "../graph/self-loops.ts";
import { gatherRows } from "../propagate/gather-rows.ts";
import { messageGroups } from "../propagate/groups.ts";
import { countsOf, segmentSum } from "../propagate/segment.ts";

/** Edges with the weight of each, `[edge, 1]`. */
export interface WeightedEdges {
  readonly edges: EdgeList;
  readonly weight: Tensor2D;
}

/** How to normalize. */
export interface GcnNormOptions {
  /** Whether each node gets a loop, where it has none. */
  readonly addSelfLoops: boolean;
  /** Whether a new loop of weighted edges weighs 2. */
  readonly improved?: boolean;
}

/**
 * The edges of `D^(-1/2) A D^(-1/2)`, with self-loops if so wished: the weight of `j → i` becomes `w / √(dⱼ dᵢ)`, where `d` is the sum of the
 * weights that come in. A node that receives nothing has 0; a negative sum has no root, and gives NaN.
 */
export function gcnNorm(
  given: EdgeList,
  edgeWeight: Tensor1D | undefined,
  nodes: number,
  { addSelfLoops, improved = false }: GcnNormOptions,
): WeightedEdges {
  const { list: edges, from } = addSelfLoops ? remainingLoops(given, nodes) : { list: given, from: null };
  if (edgeWeight === undefined) {
    const values = edges.derive(`gcnNorm ${nodes}`, () => unweighted(edges, nodes));
    return { edges, weight: tensor2d(values, [edges.length, 1]) };
  }
  const own = reshape<Tensor2D["rankType"]>(edgeWeight, [given.length, 1]);
  const weight =
    from === null ? own : gatherRows(concat([own, fill([nodes, 1], improved ? 2 : 1) as Tensor2D], 0), from);
  const inverse = inverseRoot(segmentSum(weight, messageGroups(edges), nodes));
  const scaled: Tensor2D = mul(
    mul(gatherRows(inverse, edges.source), weight),
    gatherRows(inverse, edges.target),
  );
  return { edges, weight: scaled };
}

/** `1 / √d`, and 0 for 0. */
export function inverseRoot(degree: Tensor2D): Tensor2D {
  const isZero = equal(degree, 0);
  return where(isZero, zerosLike(degree), rsqrt(where(isZero, add(zerosLike(degree), 1), degree)));
}

function unweighted(edges: EdgeList, nodes: number): Float32Array {
  const degrees = countsOf(messageGroups(edges), nodes);
  const root = degrees.map((d) => (d === 0 ? 0 : 1 / Math.sqrt(d)));
  return Float32Array.from(edges.source, (j, e) => (root[j] ?? NaN) * (root[edges.target[e] ?? NaN] ?? NaN));
}
