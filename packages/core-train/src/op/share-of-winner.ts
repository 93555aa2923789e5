import { add, cast, equal, mul, sub, type Tensor } from "@tensorflow/tfjs-core";
import { sumTo } from "./sum-to.ts";

/**
 * What `own` gets of the gradient when it is compared with `other`: all unless it loses, half at a tie. As in PyTorch, both get all of it where one
 * is NaN.
 *
 * @param loses whether the first is not the one that comes out
 */
export function shareOfWinner(
  dy: Tensor,
  own: Tensor,
  other: Tensor,
  loses: (a: Tensor, b: Tensor) => Tensor,
): Tensor {
  const lost = cast(loses(own, other), "float32");
  const tied = cast(equal(own, other), "float32");
  const share = sub(1, add(lost, mul(tied, 0.5)));
  return sumTo(mul(dy, share), own.shape);
}
