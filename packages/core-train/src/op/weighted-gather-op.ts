import type { Tensor2D } from "@tensorflow/tfjs-core";
import type { Op } from "./define-op.ts";

/** The contract of the kernels that sum rows with weights: `@pellucid/detection` has the op. */
export type WeightedGatherOp = Op<
  "PellucidWeightedGather",
  {
    readonly x: "float32[row, feature]";
    readonly indices: "int32[sum, tap]";
    readonly weights: "float32[sum, tap]";
  },
  object,
  Tensor2D
>;

/** The contract of the kernels of its gradient at `x`: `@pellucid/detection` has the op. */
export type WeightedScatterOp = Op<
  "PellucidWeightedScatter",
  {
    readonly dy: "float32[sum, feature]";
    readonly indices: "int32[sum, tap]";
    readonly weights: "float32[sum, tap]";
  },
  { readonly rows: number },
  Tensor2D
>;
