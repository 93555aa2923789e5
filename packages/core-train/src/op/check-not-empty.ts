import type { Tensor } from "@tensorflow/tfjs-core";
import { ShapeError } from "../shape-error.ts";

/**
 * Refuses an extreme of nothing.
 *
 * @param caller the function that users call
 * @throws ShapeError when one of the axes has no numbers
 */
export function checkNotEmpty(caller: string, x: Tensor, axes: readonly number[]): void {
  const axis = axes.find((at) => x.shape[at] === 0);
  if (axis === undefined) return;
  throw new ShapeError(
    `${caller}: x is [${x.shape.join(", ")}], expected numbers along axis ${axis}: of none there is no extreme. Leave the empty tensor out.`,
  );
}
