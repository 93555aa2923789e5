import { abs as magnitude, mul, type Tensor } from "@tensorflow/tfjs-core";
import { defineOp } from "./define-op.ts";
import { sign } from "./sign.ts";

const op = defineOp<{ x: Tensor }, object, Tensor>({
  name: "PellucidAbs",
  inputs: ["x"],
  reference: ({ x }) => magnitude(x),
  gradient: (dy, { x }) => ({ x: () => mul(dy, sign(x)) }),
});

/** `|x|`, with slope 0 at 0 as `torch.abs`; tfjs' own has −1 there. */
export function abs<T extends Tensor>(x: T): T {
  return op({ x }, {}) as T;
}
