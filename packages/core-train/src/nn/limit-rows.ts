import {
  add,
  clone,
  div,
  greater,
  logicalAnd,
  mul,
  ones,
  pow,
  type Rank,
  reshape,
  scatterND,
  sum,
  type Tensor,
  type Tensor2D,
  where,
} from "@tensorflow/tfjs-core";
import type { Parameter } from "../module/parameter.ts";
import { updateBuffer } from "../module/training.ts";
import { noGrad } from "../no-grad.ts";
import { defineOp } from "../op/define-op.ts";
import { abs } from "../op/abs.ts";

/** Returns `value`, and passes the gradient to `x` unchanged (a straight-through estimator). */
const standIn = defineOp({
  name: "PellucidStandIn",
  caller: "embedding",
  inputs: { x: "float32[row, feature]", value: "float32[row, feature]" },
  reference: ({ value }): Tensor2D => clone(value),
  gradient: (dy) => ({ x: () => clone(dy) }),
});

/**
 * Renormalizes the rows that are looked up to a norm of at most `maxNorm`, and updates the weight: in training when the step succeeds.
 * Call it in a `tidy`.
 *
 * @param indices int32, of any shape
 * @returns the updated weight; its gradient goes to `weight`
 */
export function limitRows(
  weight: Parameter<Rank.R2>,
  indices: Tensor,
  maxNorm: number,
  normType: number,
): Tensor2D {
  let value: Tensor = weight;
  updateBuffer(weight, (current) => (value = noGrad(() => limited(current, indices, maxNorm, normType))));
  const now = value.isDisposed ? weight : value; // outside training, the weight is already updated
  return standIn({ x: weight, value: now as Tensor2D }, {});
}

function limited(weight: Tensor, indices: Tensor, maxNorm: number, normType: number): Tensor {
  const [rows = 0] = weight.shape;
  const indexColumn = reshape(indices, [indices.size, 1]);
  const found = greater(scatterND(indexColumn, ones([indices.size, 1]), [rows, 1]), 0); //     [row, 1]
  const length = pow(sum(pow(abs(weight), normType), 1, true), 1 / normType); //          [row, 1]
  const cut = div(maxNorm, add(length, 1e-7));
  return mul(weight, where(logicalAnd(found, greater(length, maxNorm)), cut, 1));
}
