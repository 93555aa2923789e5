import {
  matMul as product,
  fused,
  type Rank,
  reshape,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";
import { ShapeError } from "../shape-error.ts";
import { columnTotal } from "./column-sum.ts";
import { defineOp } from "./define-op.ts";
import { checkTensor } from "../check-tensor.ts";

/** `x W + b` */
export const affine = defineOp({
  name: "PellucidLinear",
  inputs: { x: "float32[row, in]", weight: "float32[in, out]", bias: "float32[out]" },
  reference: ({ x, weight, bias }): Tensor2D => fused.matMul({ a: x, b: weight, bias }) as Tensor2D,
  gradient: (dy, { x, weight }) => ({
    x: () => product(dy, weight, false, true),
    weight: () => product(x, dy, true, false),
    bias: () => columnTotal(dy),
  }),
});

/**
 * `y = x W + b` over the last axis, as `torch.nn.functional.linear`.
 *
 * @param x `[..., in]`
 * @param weight `[in, out]`; PyTorch keeps `[out, in]`
 * @param bias `[out]`
 * @returns `[..., out]`
 */
export function linear<T extends Tensor>(x: T, weight: Tensor2D, bias: Tensor1D | null = null): T {
  checkTensor("linear", "x", x);
  checkTensor("linear", "weight", weight);
  const [inFeatures, outFeatures] = weight.shape;
  if (x.rank === 0 || x.shape.at(-1) !== inFeatures) {
    throw new ShapeError(
      `linear: x is [${x.shape.join(", ")}], expected [..., ${inFeatures}] for a weight of [${weight.shape.join(", ")}].`,
    );
  }
  if (bias !== null && (bias.rank !== 1 || bias.size !== outFeatures)) {
    throw new ShapeError(`linear: bias is [${bias.shape.join(", ")}], expected [${outFeatures}].`);
  }
  return tidy(() => {
    const rows = reshape<Rank.R2>(x, [-1, inFeatures]); //   [batch, in]
    const y = bias === null ? product<Tensor2D>(rows, weight) : affine({ x: rows, weight, bias }, {}); // [batch, out]
    return reshape(y, [...x.shape.slice(0, -1), outFeatures]) as T; //    [..., out]
  });
}
