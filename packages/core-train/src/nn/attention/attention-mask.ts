import { cast, mul, reshape, sub, type Tensor, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { maximum } from "../../op/maximum.ts";
import { ShapeError } from "../../shape-error.ts";

/**
 * Added to a score to block it. It is finite, since the difference of two infinities is NaN, and so large that it absorbs any score.
 */
export const blocked = -1e30;

/** Scores below this are blocked. */
export const lowest = blocked / 2;

/**
 * A mask as numbers to add to the scores, `[batch, head, query, key]` with ones where it broadcasts. In a `bool` mask the value
 * `blocks` becomes {@link blocked}; a real mask keeps its numbers, clamped to `blocked` from below.
 *
 * @param scores the shape of the scores, `[batch, head, query, key]`
 * @param blocks which value of a `bool` mask blocks. Default: false.
 * @throws {ShapeError} If the mask does not broadcast to the scores.
 */
export function additiveMask(
  caller: string,
  name: string,
  mask: Tensor,
  scores: readonly number[],
  blocks = false,
): Tensor4D {
  const shape = [...Array.from({ length: 4 - mask.rank }, () => 1), ...mask.shape];
  const fits = shape.length === 4 && shape.every((size, axis) => size === 1 || size === scores[axis]);
  if (!fits) {
    throw new ShapeError(
      `${caller}: ${name} is [${mask.shape.join(", ")}], expected [${scores.join(", ")}], or what broadcasts to it.`,
    );
  }
  return tidy(() => {
    const full: Tensor4D = reshape(mask, shape as Tensor4D["shape"]);
    if (mask.dtype !== "bool") return maximum<Tensor4D>(cast(full, "float32"), blocked);
    const truth = cast(full, "float32");
    return blocks ? mul(truth, blocked) : mul(sub(1, truth), blocked);
  });
}
