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

/** Puts out `value`, and gives the gradient to `x` as if it were it. */
const standIn = defineOp({
  name: "PellucidStandIn",
  caller: "embedding",
  inputs: { x: "float32[row, feature]", value: "float32[row, feature]" },
  reference: ({ value }): Tensor2D => clone(value),
  gradient: (dy) => ({ x: () => clone(dy) }),
});

/**
 * Cuts the rows that are looked up and longer than `maxNorm` to that length, for good: in training when the step ends
 * well. To be called in a `tidy`.
 *
 * @param indices int32, of any shape
 * @returns the weight as it will be; its gradient goes to `weight`
 */
export function limitRows(
  weight: Parameter<Rank.R2>,
  indices: Tensor,
  maxNorm: number,
  normType: number,
): Tensor2D {
  let value: Tensor = weight;
  updateBuffer(weight, (current) => (value = noGrad(() => limited(current, indices, maxNorm, normType))));
  const now = value.isDisposed ? weight : value; // outside of training, the weight has it already
  return standIn({ x: weight, value: now as Tensor2D }, {});
}

function limited(weight: Tensor, indices: Tensor, maxNorm: number, normType: number): Tensor {
  const [rows = 0] = weight.shape;
  const places = reshape(indices, [indices.size, 1]);
  const found = greater(scatterND(places, ones([indices.size, 1]), [rows, 1]), 0); //     [row, 1]
  const length = pow(sum(pow(abs(weight), normType), 1, true), 1 / normType); //          [row, 1]
  const cut = div(maxNorm, add(length, 1e-7));
  return mul(weight, where(logicalAnd(found, greater(length, maxNorm)), cut, 1));
}
