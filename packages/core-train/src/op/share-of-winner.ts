import { add, cast, equal, mul, type Tensor } from "@tensorflow/tfjs-core";
import { sumTo } from "./sum-to.ts";

/** What `own` gets of the gradient when it is compared with `other`: all where it wins, half at a tie. */
export function shareOfWinner(
  dy: Tensor,
  own: Tensor,
  other: Tensor,
  wins: (a: Tensor, b: Tensor) => Tensor,
): Tensor {
  const share = add(cast(wins(own, other), "float32"), mul(cast(equal(own, other), "float32"), 0.5));
  return sumTo(mul(dy, share), own.shape);
}
