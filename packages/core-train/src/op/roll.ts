import { clone, concat, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { resolveAxis } from "./resolve-axis.ts";
import { sliceAlong } from "./slice-along.ts";
import { sizeAlong } from "./size-along.ts";

/** Moves everything by `shift` positions along an axis, as `torch.roll`: what falls off the end comes in at the start. */
export function roll<T extends Tensor>(x: T, shift: number, axis: number): T {
  const along = resolveAxis("roll", axis, x);
  const length = sizeAlong(x, along);
  const moved = length === 0 ? 0 : ((shift % length) + length) % length;
  const part = (start: number, size: number) => sliceAlong(x, along, start, size);
  return tidy(() =>
    moved === 0 ? clone(x) : concat([part(length - moved, moved), part(0, length - moved)], along),
  ) as T;
}
