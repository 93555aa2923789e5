import {
  checkNotNegative,
  checkOptions,
  checkRecord,
  checkRng,
  checkShape,
  checkTensor,
  drawn,
  type Layer,
  norm,
  type Rng,
  sizeAlong,
} from "@pellucid/core-train";
import { add, mean, mul, reshape, type Scalar, square, sub, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { inputGradient } from "./input-gradient.ts";

/** Options for {@link gradientPenalty}. */
export interface GradientPenaltyOptions {
  /** Random generator of the positions between real and fake. */
  readonly rng: Rng;
  /** Default: 10. */
  readonly lambda?: number;
}

/**
 * `λ mean (‖∂D/∂x‖ − 1)²` at points between real and fake examples, one position drawn per pair: what keeps the critic of a Wasserstein GAN from
 * changing faster than its input. The norm is that of a whole example. The penalty is differentiated again, on every backend.
 *
 * Gulrajani et al., 2017, eq. 3. https://arxiv.org/abs/1704.00028. The positions are drawn as `torch.rand(batch, 1, …)`. A critic with batch
 * norm has no gradient of its own example, so do without.
 *
 * @param real `[batch, …]`
 * @param fake of the same shape
 */
export function gradientPenalty<X extends Tensor>(
  critic: Layer<X, Tensor>,
  real: X,
  fake: X,
  options: GradientPenaltyOptions,
): Scalar {
  checkRng("gradientPenalty", options);
  checkOptions("gradientPenalty", options, ["rng", "lambda"]);
  const { rng, lambda = 10 } = options;
  checkNotNegative("gradientPenalty", { lambda });
  checkRecord("gradientPenalty", "critic", critic, ["forward"]);
  checkTensor("gradientPenalty", "real", real);
  checkShape("gradientPenalty", "fake", fake, real.shape);
  const batch = sizeAlong(real, 0);
  return tidy(() => {
    const shape = [batch, ...real.shape.slice(1).map(() => 1)];
    const position = drawn(() => ({ data: rng.rand([batch]).data, shape })); // [batch, 1, …]
    const between = add(mul(position, real), mul(sub(1, position), fake)) as X; //                     [batch, …]
    const lengths = norm(reshape(inputGradient(critic, between), [batch, -1]), 2, 1); //               [batch]
    return mul(lambda, mean(square(sub(lengths, 1)))) as Scalar;
  });
}
