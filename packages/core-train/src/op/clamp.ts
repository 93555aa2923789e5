import { clipByValue, clone, less, greater, scalar, type Tensor, tidy, where } from "@tensorflow/tfjs-core";

/**
 * Keeps numbers between `min` and `max`, as `torch.clamp`: slope 1 inside and on both bounds, 0 outside.
 *
 * @param min `-Infinity` for none
 * @param max `Infinity` for none
 */
export function clamp<T extends Tensor>(x: T, min: number, max: number): T {
  return tidy(() => {
    if (x.size === 0) return clone(x); // tfjs broadcasts a number to no numbers as one
    if (min > -Infinity && max < Infinity) return clipByValue(x, min, max);
    if (min > -Infinity) return where<Tensor>(less(x, min), scalar(min), x);
    return where<Tensor>(greater(x, max), scalar(max), x);
  }) as T;
}
