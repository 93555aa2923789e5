import { checkArguments, checkShape, gradient } from "@pellucid/core-train";
import { addN, mul, reshape, slice, sum, type Tensor, type Tensor1D, tidy } from "@tensorflow/tfjs-core";

/**
 * The trace of the Jacobian of a field at each example. Without a probe it is exact, by one backward pass per feature. With one it is an
 * unbiased estimate by a single pass, `εᵀ J ε`, for `ε` of mean 0 and covariance 1 (Hutchinson): then the probe has to stay the same
 * within a solution of the equation. Grathwohl et al., 2018. https://arxiv.org/abs/1810.01367
 *
 * @param field from `[batch, feature]` to the same shape, treating examples separately
 * @param probe `[batch, feature]`, such as random signs
 * @returns `[batch]`
 * @throws {StructError} For a field that is not a function, or what is not a tensor.
 * @throws {ShapeError} If the shapes do not fit.
 */
export function fieldTrace(field: (x: Tensor) => Tensor, x: Tensor, probe?: Tensor): Tensor1D {
  checkArguments("fieldTrace", { function: { field } });
  checkShape("fieldTrace", "x", x, ["batch", "feature"]);
  if (probe !== undefined) checkShape("fieldTrace", "probe", probe, x.shape);
  const [batch, features] = x.shape as [number, number];
  return tidy(() => {
    if (probe !== undefined) {
      const along = gradient((at: Tensor) => mul(field(at), probe))(x); // εᵀ J
      return sum<Tensor1D>(mul(along, probe), 1);
    }
    const diagonal = Array.from({ length: features }, (_, i) => {
      const row = gradient((at: Tensor) => slice(field(at), [0, i], [batch, 1]))(x); // [batch, feature]
      return reshape(slice(row, [0, i], [batch, 1]), [batch]) as Tensor1D;
    });
    return addN(diagonal);
  });
}
