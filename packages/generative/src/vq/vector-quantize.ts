import { checkShape, detach, matMul, mseLoss, noGrad, tidyLeaves } from "@pellucid/core-train";
import {
  add,
  argMin,
  gather,
  mul,
  reshape,
  type Scalar,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from "@tensorflow/tfjs-core";

/** Vectors replaced by the nearest of a codebook. */
export interface Quantized<Z extends Tensor = Tensor> {
  /** The codes, of the shape of the input, with the gradient passed straight through to the input. */
  readonly quantized: Z;
  /** Which code each vector became, `[…]` int32. */
  readonly indices: Tensor;
  /** The mean squared distance from the codes to the input, of which only the codebook gets the gradient. */
  readonly codebookLoss: Scalar;
  /** The same number, of which only the input gets the gradient. */
  readonly commitmentLoss: Scalar;
}

/**
 * Replaces each vector of the last axis by the nearest of a codebook. The nearest is the first of several at the same distance.
 *
 * van den Oord, Vinyals and Kavukcuoglu, 2017, eq. 3. https://arxiv.org/abs/1711.00937. The gradient at `quantized` reaches the input as it is
 * (`z + (e − z)` with the parentheses constant), and never the codebook: a distance that is computed from `quantized` has no gradient for
 * it, so `codebookLoss` is computed before.
 *
 * @param z `[…, feature]`
 * @param codebook `[code, feature]`
 */
export function vectorQuantize<Z extends Tensor>(z: Z, codebook: Tensor2D): Quantized<Z> {
  checkShape("vectorQuantize", "codebook", codebook, ["code", "feature"]);
  checkShape("vectorQuantize", "z", z, ["...", codebook.shape[1]]);
  return tidyLeaves(() => {
    const rows = reshape(z, [-1, codebook.shape[1]]); //                       [row, feature]
    const nearest = noGrad(() => nearestCodes(rows as Tensor2D, codebook)); // [row]
    const codes = reshape(gather(codebook, nearest), z.shape); //              […, feature]
    const quantized = add(z, detach(sub(codes, z))) as Z; //                   […, feature]
    const indices = reshape(nearest, z.shape.slice(0, -1)); //                 […]
    const codebookLoss = mseLoss(codes, detach(z)) as Scalar;
    const commitmentLoss = mseLoss(z, detach(codes)) as Scalar;
    return { quantized, indices, codebookLoss, commitmentLoss };
  });
}

/** The index of the nearest code of each row, by `‖e‖² − 2 z · e`. */
function nearestCodes(rows: Tensor2D, codebook: Tensor2D): Tensor1D {
  const products = matMul(rows, codebook, false, true); //                     [row, code]
  const lengths = sum(square(codebook), 1); //                                 [code]
  return argMin(sub(lengths, mul(2, products)), 1);
}
