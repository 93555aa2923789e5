import { reshape, type Tensor, transpose } from "@tensorflow/tfjs-core";
import { sizeAlong } from "./size-along.ts";

/** Moves the axis at `from` to `to`; the others keep their order, as `torch.movedim`. */
export function moveAxis(x: Tensor, from: number, to: number): Tensor {
  if (from === to) return x;
  const order = Array.from({ length: x.rank }, (_, i) => i).filter((axis) => axis !== from);
  order.splice(to, 0, from);
  // no numbers to move: on WASM, transpose would divide by zero
  if (x.size === 0)
    return reshape(
      x,
      order.map((axis) => sizeAlong(x, axis)),
    );
  return transpose(x, order);
}
