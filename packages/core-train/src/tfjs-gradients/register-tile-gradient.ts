import { registerGradient, reshape, type Tensor, Tile } from "@tensorflow/tfjs-core";
import { columnSum } from "../op/column-sum.ts";

/**
 * Gives `tile`, and with it broadcasting in `broadcastTo` and `where`, a gradient at any rank: the sum over the copies.
 * tfjs' own adds them up one slice at a time, and stops at rank 4.
 */
export function registerTileGradient(): void {
  registerGradient({
    kernelName: Tile,
    inputsToSave: ["x"],
    gradFunc: (dy, [x], attributes) => {
      const { reps } = attributes as { readonly reps: readonly number[] };
      return { x: () => sumCopies(dy as Tensor, (x as Tensor).shape, reps) };
    },
  });
}

function sumCopies(dy: Tensor, shape: readonly number[], reps: readonly number[]): Tensor {
  const summed = reps.reduce((sums, copies, axis) => {
    if (copies === 1) return sums;
    const outer = shape.slice(0, axis).reduce((size, n) => size * n, 1);
    return columnSum(reshape(sums, [outer, copies, sums.size / outer / copies])); // [outer, size * rest]
  }, dy);
  return reshape(summed, [...shape]);
}
