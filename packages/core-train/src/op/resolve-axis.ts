import type { Tensor } from "@tensorflow/tfjs-core";
import { checkTensor, found } from "../check-tensor.ts";
import { AxisError } from "./axis-error.ts";

/**
 * The axis of `x` counted from the front: `-1` is the last.
 *
 * @throws AxisError unless `x` has it
 */
export function resolveAxis(caller: string, axis: number, x: Tensor): number {
  checkTensor(caller, "x", x);
  const { rank } = x;
  const resolved = typeof axis === "number" && axis < 0 ? axis + rank : axis;
  if (Number.isInteger(resolved) && resolved >= 0 && resolved < rank) return resolved;
  throw new AxisError(
    `${caller}: axis is ${found(axis)}, but x has rank ${rank}. Pass an integer from ${-rank} to ${rank - 1}.`,
  );
}

/** Several axes counted from the front, each once, in order; all axes by default. */
export function resolveAxes(
  caller: string,
  axes: number | readonly number[] | undefined,
  x: Tensor,
): number[] {
  checkTensor(caller, "x", x);
  if (axes === undefined) return Array.from(x.shape.keys());
  const resolved = [axes].flat().map((axis) => resolveAxis(caller, axis, x));
  if (new Set(resolved).size === resolved.length) return resolved.sort((a, b) => a - b);
  throw new AxisError(`${caller}: axes are [${[axes].flat().join(", ")}], but each may be named only once.`);
}
