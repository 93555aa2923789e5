import { max, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { checkNotEmpty } from "./check-not-empty.ts";
import { defineOp } from "./define-op.ts";
import { resolveAxes } from "./resolve-axis.ts";
import { splitAmongTies } from "./split-among-ties.ts";

const op = defineOp({
  name: "PellucidAmax",
  inputs: { x: "float32 | int32" },
  reference: ({ x }, { axes, keepDims }: { axes: number[]; keepDims: boolean }): Tensor =>
    max(x, axes, keepDims),
  gradient: (dy, { x }, { axes }, y) => ({ x: () => splitAmongTies(dy, x, y, axes) }),
});

/**
 * The largest number along axes, as `torch.amax`: those that tie for it share the gradient evenly. tfjs' own `max` gives
 * each of them all of it. See {@link max} for the index of the largest.
 *
 * @param axes Default: all.
 * @throws ShapeError when there are no numbers along an axis
 */
export function amax<T extends Tensor>(x: Tensor, axes?: number | readonly number[], keepDims = false): T {
  const along = resolveAxes("amax", axes, x);
  checkNotEmpty("amax", x, along);
  return tidy(() => op({ x }, { axes: along, keepDims })) as T;
}
