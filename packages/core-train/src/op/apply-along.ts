import {
  expandDims,
  matMul,
  reshape,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
} from "@tensorflow/tfjs-core";
import { sizeOf } from "../host-tensor.ts";
import { defineOp } from "./define-op.ts";

const op = defineOp({
  name: "PellucidApplyAlong",
  caller: "interpolate",
  inputs: { x: "float32[outer, from, inner]", matrix: "float32[to, from]" },
  reference: ({ x, matrix }, { isTransposed }: { isTransposed: boolean }): Tensor3D =>
    matMul<Tensor3D>(expandDims<Tensor3D>(matrix, 0), x, isTransposed),
  gradient: (dy, { matrix }, { isTransposed }) => ({
    x: (): Tensor => op({ x: dy, matrix }, { isTransposed: !isTransposed }),
  }),
});

/**
 * Mixes the entries along `axis` by a constant matrix, `[to, from]`: the axis becomes `to` long. The matrix counts as
 * constant.
 */
export function applyAlong(x: Tensor, axis: number, matrix: Tensor2D): Tensor {
  const [to, from] = matrix.shape;
  const outer = sizeOf(x.shape.slice(0, axis));
  const columns = reshape<Tensor3D["rankType"]>(x, [outer, from, sizeOf(x.shape.slice(axis + 1))]);
  return reshape(op({ x: columns, matrix }, { isTransposed: false }), x.shape.with(axis, to));
}
