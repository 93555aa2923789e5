import { maximum as larger, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { asTensor } from "./as-tensor.ts";
import { broadcastShape } from "./broadcast-shape.ts";
import { checkTensor } from "../check-tensor.ts";

/** The larger of two numbers, broadcasting. At a tie each gets half of the gradient, as in `torch.maximum`. */
export function maximum<T extends Tensor>(a: T | number, b: Tensor | number): T {
  for (const x of [a, b]) if (typeof x !== "number") checkTensor("maximum", "an operand", x);
  return tidy(() => {
    const [left, right] = [asTensor(a), asTensor(b)];
    broadcastShape("maximum", left.shape, right.shape);
    return larger(left, right);
  }) as T;
}
