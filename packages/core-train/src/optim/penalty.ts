import { addN, mul, scalar, type Scalar, square, sum, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { ByPath } from "../module/freeze.ts";
import { abs } from "../op/abs.ts";
import type { PathPredicate } from "./add-weight-decay.ts";
import { checkArguments } from "../check-arguments.ts";

/**
 * `weight · Σ |θ|`: added to a loss, it drives parameters to zero. Its gradient at zero is zero, as in PyTorch.
 *
 * @param mask which parameters count, by their path. Default: all.
 */
export function l1Penalty(parameters: ByPath<Tensor>, weight: number, mask?: PathPredicate): Scalar {
  return penalty(parameters, abs, weight, mask);
}

/**
 * `½ weight · Σ θ²`: added to a loss, it keeps parameters small. Its gradient is what an optimizer's `weightDecay` adds.
 *
 * @param mask which parameters count, by their path. Default: all.
 */
export function l2Penalty(parameters: ByPath<Tensor>, weight: number, mask?: PathPredicate): Scalar {
  return penalty(parameters, square, 0.5 * weight, mask);
}

function penalty(
  parameters: ByPath<Tensor>,
  size: (x: Tensor) => Tensor,
  weight: number,
  mask: PathPredicate = () => true,
): Scalar {
  checkArguments("penalty", {
    record: { parameters },
    "tensor[]": { parameters: Object.values(Object(parameters)) },
    function: { mask },
  });
  return tidy(() => {
    const counted = Object.entries(parameters).filter(([path]) => mask(path));
    if (counted.length === 0) return scalar(0);
    return mul<Scalar>(addN(counted.map(([, parameter]) => sum<Scalar>(size(parameter)))), weight);
  });
}
