import type { Tensor2D } from "@tensorflow/tfjs-core";
import type { Op } from "./define-op.ts";

/** The contract of the kernels that sum over the edges of a graph: `@pellucid/gnn` has the op. Without weights `weight` has no rows. */
export type GatherSumOp<Attributes extends object = object> = Op<
  "PellucidGatherSum",
  {
    readonly x: "float32[node, feature]";
    readonly weight: "float32[edge, head]";
    readonly ptr: "int32[row]";
    readonly column: "int32[edge]";
    readonly edge: "int32[edge]";
  },
  Attributes,
  Tensor2D
>;

/** The contract of the kernels that multiply the ends of each edge: `@pellucid/gnn` has the op. */
export type EdgeDotOp<Attributes extends object = object> = Op<
  "PellucidEdgeDot",
  {
    readonly a: "float32[node, feature]";
    readonly b: "float32[node, feature]";
    readonly target: "int32[edge]";
    readonly source: "int32[edge]";
  },
  Attributes & { readonly heads: number },
  Tensor2D
>;

/** The contract of the kernels of a softmax over the edges of each row: `@pellucid/gnn` has the op. */
export type SegmentSoftmaxOp<Attributes extends object = object> = Op<
  "PellucidSegmentSoftmax",
  {
    readonly x: "float32[edge, head]";
    readonly ptr: "int32[row]";
    readonly edge: "int32[edge]";
  },
  Attributes,
  Tensor2D
>;
