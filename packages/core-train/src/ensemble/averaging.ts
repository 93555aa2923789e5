import { add, div, type Scalar, type Tensor } from "@tensorflow/tfjs-core";
import { checkOption } from "../check-option.ts";

/** The weight of the next value in an average of `count` earlier ones; the first value is the average itself. */
export type Averaging = (count: Scalar) => Tensor | number;

/**
 * An exponential moving average: `decay · average + (1 − decay) · next`.
 *
 * @param decay Default: 0.999.
 */
export function ema(decay = 0.999): Averaging {
  checkOption("ema", "decay", decay, decay >= 0 && decay <= 1, "a number in [0, 1]");
  return () => 1 - decay;
}

/** The plain average of all: stochastic weight averaging. Izmailov et al., 2018. https://arxiv.org/abs/1803.05407 */
export function swa(): Averaging {
  return (count) => div(1, add(count, 1));
}
