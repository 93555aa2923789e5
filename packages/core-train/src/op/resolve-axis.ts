import { AxisError } from "./axis-error.ts";

/**
 * The axis counted from the front: `-1` is the last.
 *
 * @throws AxisError unless a tensor of `rank` has it
 */
export function resolveAxis(who: string, axis: number, rank: number): number {
  const resolved = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(resolved) && resolved >= 0 && resolved < rank) return resolved;
  throw new AxisError(
    `${who}: axis is ${axis}, but x has rank ${rank}. Pass an integer from ${-rank} to ${rank - 1}.`,
  );
}

/** Several axes counted from the front, each once, in order; all axes by default. */
export function resolveAxes(
  who: string,
  axes: number | readonly number[] | undefined,
  rank: number,
): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, i) => i);
  const resolved = [axes].flat().map((axis) => resolveAxis(who, axis, rank));
  if (new Set(resolved).size === resolved.length) return resolved.sort((a, b) => a - b);
  throw new AxisError(`${who}: axes are [${[axes].flat().join(", ")}], but each may be named only once.`);
}
