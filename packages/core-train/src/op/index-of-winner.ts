import { add, mul, scalar, type Tensor } from "@tensorflow/tfjs-core";
import { takeUnchecked } from "./take-unchecked.ts";

/**
 * Where a maximum comes from that was taken first within each entry of `axis`, and then among them: `winner · span + within`.
 *
 * @param winner int32: the entry of `axis` that won, of the shape after the second maximum
 * @param within int32: where in its entry the first maximum was, of the shape before the second
 * @param span how many positions an entry has
 * @returns int32, of the shape of `winner`
 */
export function indexOfWinner<T extends Tensor>(winner: T, within: Tensor, axis: number, span: number): T {
  return add(mul(winner, scalar(span, "int32")), takeUnchecked(within, winner, axis));
}
