import { checkArguments, checkShape, gradient } from "@pellucid/core-train";
import { addN, div, type Scalar, slice, square, sum, type Tensor, tidy } from "@tensorflow/tfjs-core";

/**
 * How much a code changes with its input: the squared norm `‖∂h / ∂x‖²` of the encoder's Jacobian, the mean over the batch. Added to the
 * loss, it makes a contractive autoencoder, whose code ignores what does not describe the data.
 * Rifai et al., 2011. Contractive auto-encoders.
 *
 * It is exact for any encoder that treats examples separately: one backward pass per unit of the code, through which the loss is
 * differentiated again.
 *
 * @param encode from `[batch, …]` to `[batch, unit]`
 * @throws {StructError} For an encoder that is not a function, or what is not a tensor.
 * @throws {ShapeError} For a code of other axes.
 */
export function contractivePenalty<X extends Tensor>(encode: (x: X) => Tensor, x: X): Scalar {
  checkArguments("contractivePenalty", { function: { encode }, tensor: { x } });
  return tidy(() => {
    const code = encode(x);
    checkShape("contractivePenalty", "the code", code, ["batch", "unit"]);
    const [batch = 0, units = 0] = code.shape;
    const norms = Array.from({ length: units }, (_, j) => {
      const unit = (at: X) => slice(encode(at), [0, j], [batch, 1]);
      return sum(square(gradient(unit)(x)));
    });
    return div(addN(norms), batch) as Scalar;
  });
}
