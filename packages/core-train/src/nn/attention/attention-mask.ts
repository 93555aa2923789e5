import { cast, mul, reshape, sub, type Tensor, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { maximum } from "../../op/maximum.ts";
import { ShapeError } from "../../shape-error.ts";

/**
 * What is added to a score so that nothing is left of it. It is finite, since a difference of infinities is no number, and
 * absorbs any score there is.
 */
export const blocked = -1e30;

/** Scores below this are blocked. */
export const lowest = blocked / 2;

/**
 * What a mask adds to the scores, `[batch, head, query, key]` with ones where it broadcasts: `blocked` where a `bool` mask says
 * `no`, and the numbers of a real mask, of which none is below `blocked`.
 *
 * @param scores `[batch, head, query, key]`
 * @param no which truth value blocks
 * @throws {ShapeError} If the mask does not broadcast to the scores.
 */
export function additiveMask(
  who: string,
  name: string,
  mask: Tensor,
  scores: readonly number[],
  no = false,
): Tensor4D {
  const shape = [...Array.from({ length: 4 - mask.rank }, () => 1), ...mask.shape];
  const fits = shape.length === 4 && shape.every((size, axis) => size === 1 || size === scores[axis]);
  if (!fits) {
    throw new ShapeError(
      `${who}: ${name} is [${mask.shape.join(", ")}], expected [${scores.join(", ")}], or what broadcasts to it.`,
    );
  }
  return tidy(() => {
    const full: Tensor4D = reshape(mask, shape as Tensor4D["shape"]);
    if (mask.dtype !== "bool") return maximum<Tensor4D>(cast(full, "float32"), blocked);
    const truth = cast(full, "float32");
    return no ? mul(truth, blocked) : mul(sub(1, truth), blocked);
  });
}
