import { add, div, pow, type Scalar, scalar, sub, type Tensor } from "@tensorflow/tfjs-core";
import { checkOption } from "../check-option.ts";
import { checkOptions } from "../check-options.ts";
import { checkPositive } from "../check-values.ts";
import { minimum } from "../op/minimum.ts";

/** The weight of the next value in an average of `count` earlier ones. */
export interface Averaging {
  (count: Scalar): Tensor | number;
  /** Whether the first value is averaged with the initial weights instead of replacing them, which PyTorch does. Default: false. */
  readonly includesInitial?: boolean;
}

/**
 * An exponential moving average: `decay · average + (1 − decay) · next`.
 *
 * @param decay Default: 0.999.
 */
export function ema(decay = 0.999): Averaging {
  checkOption("ema", "decay", decay, decay >= 0 && decay <= 1, "a number in [0, 1]");
  return () => 1 - decay;
}

/** Options for {@link emaWithWarmup}. */
export interface EmaWarmupOptions {
  /** How many updates the warmup is stretched by. Default: 1. */
  readonly invGamma?: number;
  /** Its exponent: 2/3 for a million steps and more, 3/4 for fewer. Default: 2/3. */
  readonly power?: number;
}

/**
 * An exponential moving average whose decay grows with the number `n` of earlier updates, so that it forgets the initial weights soon:
 * `min(decay, (1 + n) / (10 + n))`, as TensorFlow's, or with options `min(decay, 1 − (1 + n / invGamma)^−power)`, as that of `ema_pytorch`.
 *
 * @param decay the highest. Default: 0.999.
 */
export function emaWithWarmup(decay = 0.999, options?: EmaWarmupOptions): Averaging {
  checkOption("emaWithWarmup", "decay", decay, decay >= 0 && decay <= 1, "a number in [0, 1]");
  const share = (grown: (count: Scalar) => Tensor): Averaging =>
    Object.assign((count: Scalar) => sub(1, minimum(grown(count), scalar(decay))), { includesInitial: true });
  if (options === undefined) return share((count) => div(add(count, 1), add(count, 10)));
  checkOptions("emaWithWarmup", options, ["invGamma", "power"]);
  const { invGamma = 1, power = 2 / 3 } = options;
  checkPositive("emaWithWarmup", { invGamma, power });
  return share((count) => sub(1, pow(add(div(count, invGamma), 1), -power)));
}

/** The plain average of all: stochastic weight averaging. Izmailov et al., 2018. https://arxiv.org/abs/1803.05407 */
export function swa(): Averaging {
  return (count) => div(1, add(count, 1));
}
