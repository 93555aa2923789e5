import { ShapeError } from "../shape-error.ts";

/**
 * The shape that two shapes broadcast to: sizes are aligned at the right, and size 1 is repeated.
 *
 * @throws ShapeError when two sizes differ and neither is 1
 */
export function broadcastShape(caller: string, a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const left = a[i - rank + a.length] ?? 1;
    const right = b[i - rank + b.length] ?? 1;
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw new ShapeError(
      `${caller}: [${a.join(", ")}] and [${b.join(", ")}] do not broadcast: sizes ${left} and ${right} differ and neither is 1.`,
    );
  });
}
