import { minimum as smaller, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { asTensor } from "./as-tensor.ts";
import { broadcastShape } from "./broadcast-shape.ts";
import { checkTensor } from "../check-tensor.ts";

/** The smaller of two numbers, broadcasting. At a tie each gets half of the gradient, as in `torch.minimum`. */
export function minimum<T extends Tensor>(a: T | number, b: Tensor | number): T {
  for (const x of [a, b]) if (typeof x !== "number") checkTensor("minimum", "an operand", x);
  return tidy(() => {
    const [left, right] = [asTensor(a), asTensor(b)];
    broadcastShape("minimum", left.shape, right.shape);
    return smaller(left, right);
  }) as T;
}
