import { add, MirrorPad, registerGradient, reverse, type Tensor } from "@tensorflow/tfjs-core";
import { padAlong } from "../op/pad-along.ts";
import { sliceAlong } from "../op/slice-along.ts";
import { sizeAlong } from "../op/size-along.ts";

interface MirrorSpec {
  readonly paddings: readonly (readonly [number, number])[];
  readonly mode: "reflect" | "symmetric";
}

/** Gives mirroring a gradient that folds back what was mirrored; tfjs' own loses it. */
export function registerMirrorGradient(): void {
  registerGradient({
    kernelName: MirrorPad,
    gradFunc: (dy, _, attributes) => {
      const { paddings, mode } = attributes as object as MirrorSpec;
      const skip = mode === "reflect" ? 1 : 0;
      const fold = (gradient: Tensor, sides: readonly [number, number], axis: number) =>
        folded(gradient, axis, sides, skip);
      return { x: () => paddings.reduce(fold, dy as Tensor) };
    },
  });
}

/** What lies before and after `axis`, mirrored back and added; of the edge itself nothing was mirrored if `skip` is 1. */
function folded(dy: Tensor, axis: number, [before, after]: readonly [number, number], skip: number): Tensor {
  const length = sizeAlong(dy, axis) - before - after;
  const part = (start: number, size: number, sides: [number, number]) =>
    size === 0 ? [] : [padAlong(reverse(sliceAlong(dy, axis, start, size), axis), axis, sides)];
  const parts = [
    ...part(0, before, [skip, length - skip - before]),
    ...part(before + length, after, [length - skip - after, skip]),
  ];
  if (parts.length === 0) return dy;
  return parts.reduce<Tensor>(add, sliceAlong(dy, axis, before, length));
}
