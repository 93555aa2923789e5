import { add, div, mean, sqrt, square, sub, sum, type Tensor, tidy } from "@tensorflow/tfjs-core";

/** The standard deviation over examples, with `batch − 1`; its gradient at 0 is 0. */
export function stdOf(x: Tensor): Tensor {
  return tidy(() => {
    const variance = div(sum(square(sub(x, mean(x, 0, true))), 0), (x.shape[0] ?? 1) - 1);
    return sqrt(add(variance, 1e-30));
  });
}
