import { concat, mul, reshape, slice, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { moveAxis } from "./move-axis.ts";
import { resolveAxis } from "./resolve-axis.ts";

/**
 * The running product along an axis, as `torch.cumprod`, with a gradient that is right where there are zeros. In
 * `log₂(length)` steps, each multiplying by what is one, two, four, … places before (Hillis and Steele, 1986).
 *
 * @returns of the shape of `x`
 */
export function cumprod<T extends Tensor>(x: T, axis: number): T {
  const along = resolveAxis("cumprod", axis, x.rank);
  return tidy(() => {
    const last = moveAxis(x, along, x.rank - 1);
    const length = x.shape[along] as number;
    const rows = length === 0 ? 0 : x.size / length;
    let products: Tensor = reshape(last, [rows, length]);
    for (let reach = 1; reach < length; reach *= 2) {
      const start = slice(products, [0, 0], [rows, reach]);
      const rest = slice(products, [0, reach], [rows, length - reach]);
      const before = slice(products, [0, 0], [rows, length - reach]);
      products = concat([start, mul(rest, before)], 1); //      [rest, length]
    }
    return moveAxis(reshape(products, last.shape), x.rank - 1, along);
  }) as T;
}
