import { greater, maximum as larger, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { asTensor } from "./as-tensor.ts";
import { broadcastShape } from "./broadcast-shape.ts";
import { defineOp } from "./define-op.ts";
import { shareOfWinner } from "./share-of-winner.ts";

const op = defineOp<{ a: Tensor; b: Tensor }, object, Tensor>({
  name: "PellucidMaximum",
  inputs: ["a", "b"],
  reference: ({ a, b }) => larger(a, b),
  gradient: (dy, { a, b }) => ({
    a: () => shareOfWinner(dy, a, b, greater),
    b: () => shareOfWinner(dy, b, a, greater),
  }),
});

/**
 * The larger of two numbers, broadcasting. At a tie each gets half of the gradient, as in `torch.maximum`; tfjs' own
 * gives it all to `a`, and throws where it broadcasts.
 */
export function maximum<T extends Tensor>(a: T | number, b: Tensor | number): T {
  return tidy(() => {
    const [left, right] = [asTensor(a), asTensor(b)];
    broadcastShape("maximum", left.shape, right.shape);
    return op({ a: left, b: right }, {});
  }) as T;
}
