import { OptionError } from "../option-error.ts";
import { checkFinite, checkRng } from "../check-values.ts";
import { mul, type Tensor, tensor, tidy, transpose } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import { permute } from "../host-tensor.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { isTraining } from "../module/training.ts";
import type { Rng } from "../rng/rng.ts";
import { channelsFirst, channelsLast } from "./channels-first.ts";
import { leakyRelu } from "./leaky-relu.ts";
import { uniform53 } from "../rng/uniform53.ts";
import { checkTensor } from "../check-tensor.ts";

/** Options for {@link rrelu}. */
export interface RReLUOptions {
  /** Random generator for the slopes. */
  readonly rng: Rng;
  /** Default: 1/8. */
  readonly lower?: number;
  /** Default: 1/3. */
  readonly upper?: number;
}

/**
 * `x` if it is positive, otherwise `slope · x`, with a slope drawn uniformly between `lower` and `upper` for each element.
 *
 * Xu et al., 2015. https://arxiv.org/abs/1505.00853
 *
 * As PyTorch, it draws for the elements that are not positive, in the order of PyTorch's layout. To find them it reads `x` synchronously.
 *
 * @returns the shape of `x`
 */
export function rrelu<X extends Tensor>(x: X, options: RReLUOptions): X {
  checkRng("rrelu", options);
  checkOptions("rrelu", options, ["rng", "lower", "upper"]);
  checkTensor("rrelu", "x", x);
  const { rng, lower = 1 / 8, upper = 1 / 3 } = options;
  return tidy(() => {
    const theirs = transpose(x, channelsFirst(x.rank));
    const slopes = Float32Array.from(theirs.dataSync(), (value) =>
      value <= 0 ? lower + uniform53(rng) * (upper - lower) : 1,
    );
    const { data, shape } = permute({ data: slopes, shape: theirs.shape }, channelsLast(x.rank));
    return mul(x, tensor(data, [...shape]));
  });
}

/** {@link rrelu} in training, a {@link leakyRelu} with the mean slope in inference. */
export class RReLU extends Module implements Layer<Tensor, Tensor> {
  readonly lower: number;
  readonly upper: number;
  readonly rng: Rng;

  constructor(options: RReLUOptions) {
    super();
    checkRng("RReLU", options);
    checkOptions("RReLU", options, ["rng", "lower", "upper"]);
    const { rng, lower = 1 / 8, upper = 1 / 3 } = options;
    checkFinite("RReLU", { lower, upper });
    if (lower > upper) throw new OptionError("RReLU", "lower", lower, `a number up to upper, ${upper}`);
    this.lower = lower;
    this.upper = upper;
    this.rng = rng;
  }

  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    if (isTraining(this)) return rrelu(x, this);
    return leakyRelu(x, { negativeSlope: (this.lower + this.upper) / 2 });
  }
}
