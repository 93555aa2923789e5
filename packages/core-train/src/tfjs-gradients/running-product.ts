import { concat, mul, reshape, slice, type Tensor } from "@tensorflow/tfjs-core";
import { moveAxis } from "../op/move-axis.ts";
import { sizeAlong } from "../op/size-along.ts";

/**
 * The running product along an axis, composed so that its gradient is right where there are zeros: in `log₂(length)` steps,
 * each multiplying by what is one, two, four, … positions before (Hillis and Steele, 1986).
 */
export function runningProduct(x: Tensor, axis: number): Tensor {
  const last = moveAxis(x, axis, x.rank - 1);
  const length = sizeAlong(x, axis);
  const rows = length === 0 ? 0 : x.size / length;
  let products: Tensor = reshape(last, [rows, length]);
  for (let reach = 1; reach < length; reach *= 2) {
    const start = slice(products, [0, 0], [rows, reach]);
    const rest = slice(products, [0, reach], [rows, length - reach]);
    const before = slice(products, [0, 0], [rows, length - reach]);
    products = concat([start, mul(rest, before)], 1); // [rest, length]
  }
  return moveAxis(reshape(products, last.shape), x.rank - 1, axis);
}
