import { abs as magnitude, mul, type Tensor } from "@tensorflow/tfjs-core";
import { defineOp } from "./define-op.ts";
import { sign } from "./sign.ts";

const op = defineOp({
  name: "PellucidAbs",
  inputs: { x: "float32 | int32" },
  reference: ({ x }): Tensor => magnitude(x),
  gradient: (dy, { x }) => ({ x: () => mul(dy, sign(x)) }),
});

/** `|x|`, with derivative 0 at 0 as `torch.abs`; tfjs' own has −1 there. */
export function abs<T extends Tensor>(x: T): T {
  return op({ x }, {}) as T;
}
