import { concat, slice, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { resolveAxis } from "./resolve-axis.ts";

/** Moves everything by `shift` places along an axis, as `torch.roll`: what falls off the end comes in at the start. */
export function roll<T extends Tensor>(x: T, shift: number, axis: number): T {
  const along = resolveAxis("roll", axis, x.rank);
  const length = x.shape[along] as number;
  const moved = length === 0 ? 0 : ((shift % length) + length) % length;
  const part = (start: number, size: number) =>
    slice(
      x,
      x.shape.map((_, i) => (i === along ? start : 0)),
      x.shape.with(along, size),
    );
  return tidy(() =>
    moved === 0
      ? slice(
          x,
          x.shape.map(() => 0),
          x.shape,
        )
      : concat([part(length - moved, moved), part(0, length - moved)], along),
  ) as T;
}
