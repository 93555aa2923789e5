import { less, minimum as smaller, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { asTensor } from "./as-tensor.ts";
import { broadcastShape } from "./broadcast-shape.ts";
import { defineOp } from "./define-op.ts";
import { shareOfWinner } from "./share-of-winner.ts";

const op = defineOp<{ a: Tensor; b: Tensor }, object, Tensor>({
  name: "PellucidMinimum",
  inputs: ["a", "b"],
  reference: ({ a, b }) => smaller(a, b),
  gradient: (dy, { a, b }) => ({
    a: () => shareOfWinner(dy, a, b, less),
    b: () => shareOfWinner(dy, b, a, less),
  }),
});

/**
 * The smaller of two numbers, broadcasting. At a tie each gets half of the gradient, as in `torch.minimum`; tfjs' own
 * gives it all to `a`, and throws where it broadcasts.
 */
export function minimum<T extends Tensor>(a: T | number, b: Tensor | number): T {
  return tidy(() => {
    const [left, right] = [asTensor(a), asTensor(b)];
    broadcastShape("minimum", left.shape, right.shape);
    return op({ a: left, b: right }, {});
  }) as T;
}
