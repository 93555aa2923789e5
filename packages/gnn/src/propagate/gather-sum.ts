import { defineOp } from "@pellucid/core-train";
import type { GatherSumOp } from "@pellucid/core-train/ops";
import {
  add,
  clone,
  gather,
  mul,
  reshape,
  type Tensor,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import type { EdgeList } from "../graph/edge-list.ts";
import { edgeDot } from "./edge-dot.ts";
import { planSegments, reduceSegments } from "./reduce-segments.ts";

/** Which edges to sum over: their sources are rows of `x`, their targets rows of the result. */
interface Over {
  readonly edges: EdgeList;
  readonly rows: number;
}

const op: GatherSumOp<Over> = defineOp({
  name: "PellucidGatherSum",
  inputs: {
    x: "float32[node, feature]",
    weight: "float32[edge, head]",
    ptr: "int32[row]",
    column: "int32[edge]",
    edge: "int32[edge]",
  },
  reference({ x, weight, column, edge }, { edges, rows }: Over): Tensor2D {
    const features = x.shape[1];
    if (edges.length === 0 || features === 0) return zeros([rows, features]);
    const csr = edges.byTarget(rows);
    const plan = edges.derive(`plan ${rows}`, () => planSegments(csr));
    const sent = scaled(gather(x, column), weight, edge); // [edge, feature]
    return reduceSegments(sent, plan, (a, b) => add(a, b), zeros([1, features]));
  },
  gradient: (dy, { x, weight }, { edges }) => ({
    x: (): Tensor => sum(dy, weight, edges.reversed, x.shape[0]),
    weight: (): Tensor => edgeDot(dy, x, edges, weight.shape[1]),
  }),
});

function scaled(messages: Tensor2D, weight: Tensor2D, edge: Tensor): Tensor2D {
  const [edges, heads] = weight.shape;
  if (edges === 0) return clone(messages);
  const [count, features] = messages.shape;
  const perHead = reshape(gather(weight, edge), [count, heads, 1]);
  return reshape(mul(reshape(messages, [count, heads, features / heads]), perHead), [count, features]);
}

function sum(x: Tensor2D, weight: Tensor2D, edges: EdgeList, rows: number): Tensor2D {
  const { ptr, column, edge } = edges.byTarget(rows);
  const columns = tensor1d(column, "int32");
  const grouped = {
    ptr: tensor1d(ptr, "int32"),
    column: columns,
    edge: weight.shape[0] === 0 ? columns : tensor1d(edge, "int32"), // only weights are looked up by edge
  };
  return op({ x, weight, ...grouped }, { edges, rows });
}

/**
 * For each target the sum over its edges of the source's row, times the weight of the edge: `yᵢ = Σ w xⱼ` over the edges `j → i`. The
 * messages themselves are never in memory where the backend has a kernel. The order of the sum is that of the edges, on each run.
 *
 * With several weights an edge, as heads of attention have them, each is for an equal part of the features.
 *
 * @param x `[source, feature]`
 * @param weight `[edge, head]`; null for 1
 * @param rows how many targets there are
 * @returns `[target, feature]`
 */
export function gatherSum(x: Tensor2D, weight: Tensor2D | null, edges: EdgeList, rows: number): Tensor2D {
  return tidy(() => sum(x, weight ?? tensor2d([], [0, 1]), edges, rows));
}
