import { cast, greater, less, sub, type Tensor, zerosLike } from "@tensorflow/tfjs-core";
import { defineElementwise } from "./define-elementwise.ts";

const op = defineElementwise({
  name: "PellucidSign",
  value: (x) => sub(cast(greater(x, 0), "float32"), cast(less(x, 0), "float32")),
  derivative: zerosLike,
});

/** −1, 0 or 1, with derivative 0, as `torch.sign`; tfjs' own says 0 for numbers below 1.2e-7 on WASM. */
export function sign<X extends Tensor>(x: X): X {
  return op(x, {});
}
