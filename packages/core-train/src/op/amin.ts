import { min, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { checkNotEmpty } from "./check-not-empty.ts";
import { defineOp } from "./define-op.ts";
import { resolveAxes } from "./resolve-axis.ts";
import { splitAmongTies } from "./split-among-ties.ts";

const op = defineOp({
  name: "PellucidAmin",
  inputs: { x: "float32 | int32" },
  reference: ({ x }, { axes, keepDims }: { axes: number[]; keepDims: boolean }): Tensor =>
    min(x, axes, keepDims),
  gradient: (dy, { x }, { axes }, y) => ({ x: () => splitAmongTies(dy, x, y, axes) }),
});

/**
 * The smallest number along axes, as `torch.amin`: those that tie for it share the gradient evenly. tfjs' own `min` gives
 * each of them all of it. See {@link min} for the index of the smallest.
 *
 * @param axes Default: all.
 * @throws ShapeError when there are no numbers along an axis
 */
export function amin<T extends Tensor>(x: Tensor, axes?: number | readonly number[], keepDims = false): T {
  const along = resolveAxes("amin", axes, x);
  checkNotEmpty("amin", x, along);
  return tidy(() => op({ x }, { axes: along, keepDims })) as T;
}
