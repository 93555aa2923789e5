import { checkShape, checkTensor, matMul, rotateFeatures, ShapeError } from "@pellucid/core-train";
import { add, cos, sin, type Tensor, tensor1d, tensor2d, tidy } from "@tensorflow/tfjs-core";

/**
 * Rotates the first pairs of neighboring entries, each by its angle: `(a, b) → (a cos θ − b sin θ, a sin θ + b cos θ)`. The dot
 * product of two rotated rows depends on the difference of their angles only, so that angles which accumulate over time rotate a
 * state while it decays. With angles that grow with the position it is `rotary` of the core.
 *
 * Su et al., 2021. RoFormer. https://arxiv.org/abs/2104.09864
 *
 * @param x `[…, entry]`, of two or more axes
 * @param angles `[…, pair]`; there may be fewer pairs than `entry / 2`, and the entries after them stay
 * @throws {StructError} For what is not a tensor.
 * @throws {ShapeError} If there are more than `entry / 2` pairs.
 */
export function rotatePairs<T extends Tensor>(x: T, angles: Tensor): T {
  checkTensor("rotatePairs", "x", x, "float32[..., entry]");
  checkShape("rotatePairs", "angles", angles, ["...", "pair"]);
  const entries = x.shape.at(-1) ?? 0;
  const pairs = angles.shape.at(-1) ?? 0;
  if (2 * pairs > entries)
    throw new ShapeError(
      `rotatePairs: angles is [${angles.shape.join(", ")}], expected at most ${entries >> 1} pairs for ${entries} entries.`,
    );
  return tidy(() => {
    // products with a matrix of 0 and 1 are faster than slices of one entry
    const repeat = Float32Array.from({ length: pairs * entries }, (_, i) =>
      Number((i % entries) >> 1 === Math.floor(i / entries)),
    );
    const perEntry = (x: Tensor): Tensor => matMul(x, tensor2d(repeat, [pairs, entries])); // [..., entry]
    const still = tensor1d(Float32Array.from({ length: entries }, (_, i) => Number(i >= 2 * pairs)));
    return rotateFeatures(x, add(perEntry(cos(angles)), still), perEntry(sin(angles)), true);
  });
}
