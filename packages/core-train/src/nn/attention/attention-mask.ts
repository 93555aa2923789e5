import { cast, mul, reshape, sub, type Tensor, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { maximum } from "../../op/maximum.ts";
import { DtypeError } from "../../dtype-error.ts";
import { ShapeError } from "../../shape-error.ts";

/**
 * Added to a score to block it. It is finite, since the difference of two infinities is NaN, and so large that it absorbs any score.
 */
export const blocked = -1e30;

/** Scores below this are blocked. */
export const lowest = blocked / 2;

/**
 * A mask as values to add to the scores, `[batch, head, query, key]` with ones where it broadcasts. In a `bool` mask the value
 * `blocks` becomes {@link blocked}; a `float32` mask keeps its values, clamped to `blocked` from below.
 *
 * @param scores the shape of the scores, `[batch, head, query, key]`
 * @param blocks which value of a `bool` mask blocks. Default: false.
 * @throws {DtypeError} If the mask is neither `bool` nor `float32`, as in PyTorch: integers could mean either.
 * @throws {ShapeError} If the mask does not broadcast to the scores.
 */
export function additiveMask(
  caller: string,
  name: string,
  mask: Tensor,
  scores: readonly number[],
  blocks = false,
): Tensor4D {
  if (mask.dtype !== "bool" && mask.dtype !== "float32") {
    const meaning = blocks ? "true blocks attention" : "true lets a query attend";
    throw new DtypeError(
      `${caller}: ${name} is ${mask.dtype}, expected bool (${meaning}) or float32 (added to the scores). ` +
        `For a mask of 0 and 1 pass cast(${name}, "bool").`,
    );
  }
  const shape = [...Array.from({ length: 4 - mask.rank }, () => 1), ...mask.shape];
  const fits = shape.length === 4 && shape.every((size, axis) => size === 1 || size === scores[axis]);
  if (!fits) {
    throw new ShapeError(
      `${caller}: ${name} is [${mask.shape.join(", ")}], expected [${scores.join(", ")}], or what broadcasts to it.`,
    );
  }
  return tidy(() => {
    const full: Tensor4D = reshape(mask, shape as Tensor4D["shape"]);
    if (mask.dtype !== "bool") return maximum<Tensor4D>(full, blocked);
    const truth = cast(full, "float32");
    return blocks ? mul(truth, blocked) : mul(sub(1, truth), blocked);
  });
}
