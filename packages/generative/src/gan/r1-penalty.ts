import { checkNotNegative, checkRecord, checkShape, type Layer, sizeAlong } from "@pellucid/core-train";
import { mul, type Scalar, square, sum, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { inputGradient } from "./input-gradient.ts";

/**
 * `γ/2 mean ‖∂D/∂x‖²` at real examples: a discriminator that is flat around the data, where training can come to an end. StyleGAN's
 * regularizer. The penalty is differentiated again, on every backend.
 *
 * Mescheder, Geiger and Nowozin, 2018, eq. 9. https://arxiv.org/abs/1801.04406
 *
 * @param real `[batch, …]`
 * @param gamma Default: 10.
 * @throws {StructError} For what is not a layer, or not a tensor.
 * @throws {OptionError} For a negative factor.
 */
export function r1Penalty<X extends Tensor>(discriminator: Layer<X, Tensor>, real: X, gamma = 10): Scalar {
  checkNotNegative("r1Penalty", { gamma });
  checkRecord("r1Penalty", "discriminator", discriminator, ["forward"]);
  checkShape("r1Penalty", "real", real, ["...", "batch"]);
  const batch = sizeAlong(real, 0);
  return tidy(() => mul(gamma / 2 / batch, sum(square(inputGradient(discriminator, real)))) as Scalar);
}
