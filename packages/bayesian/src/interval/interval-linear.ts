import {
  checkFinite,
  checkOptions,
  checkRng,
  checkSizes,
  type HasTorchLayout,
  init,
  initialized,
  isTraining,
  type Layer,
  Linear,
  Module,
  type Parameter,
  type Rng,
  softplus,
  type TorchLayout,
} from "@pellucid/core-train";
import { add, type Rank, sub, type Tensor, type Tensor1D, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { checkInterval, type Interval } from "./interval.ts";
import { intervalLinearMap } from "./interval-linear-map.ts";

/** Options for {@link IntervalLinear} and {@link IntervalConv2d}. */
export interface IntervalOptions {
  readonly rng: Rng;
  /** Default: true. */
  readonly bias?: boolean;
  /** The parameter of all radii at first: a radius is `softplus(rho)`. Default: −4, a radius of 0.018. */
  readonly rho?: number;
}

/**
 * A linear layer whose weights and biases are intervals, and whose input and output are: `[y] = [x] [w] + [b]`. The bounds are those of every choice of numbers within the intervals. In inference they are computed in 64 bits and rounded
 * outward; in training they are tensors, widened by a bound of the rounding errors.
 *
 * An interval is a center, initialized as in {@link Linear}, and a radius `softplus(ρ)`, so that a lower bound is never above an upper one. Betancourt and Muhanna, 2020, interval neural networks. https://arxiv.org/abs/2003.11566
 */
export class IntervalLinear
  extends Module
  implements Layer<Interval<Tensor2D>, Interval<Tensor2D>>, HasTorchLayout
{
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** `[in, out]` */
  readonly weight: Parameter<Rank.R2>;
  readonly weightRho: Parameter<Rank.R2>;
  /** `[out]` */
  readonly bias: Parameter<Rank.R1> | null;
  readonly biasRho: Parameter<Rank.R1> | null;

  constructor(inFeatures: number, outFeatures: number, options: IntervalOptions) {
    super();
    checkRng("IntervalLinear", options);
    checkOptions("IntervalLinear", options, ["rng", "bias", "rho"]);
    const { rng, bias = true, rho = -4 } = options;
    checkSizes("IntervalLinear", { inFeatures, outFeatures });
    checkFinite("IntervalLinear", { rho });
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    const center = new Linear(inFeatures, outFeatures, { rng, bias });
    this.weight = center.weight;
    this.bias = center.bias;
    this.weightRho = initialized<Rank.R2>([inFeatures, outFeatures], init.constant(rho), rng);
    this.biasRho = bias ? initialized<Rank.R1>([outFeatures], init.constant(rho), rng) : null;
  }

  get torchLayout(): TorchLayout {
    return { weight: { axes: [1, 0] }, weightRho: { axes: [1, 0] } };
  }

  /** The bounds of the weights, `[in, out]`. */
  weights(): Interval<Tensor2D> {
    return radius(this.weight, this.weightRho);
  }

  /** The bounds of the biases, `[out]`. */
  biases(): Interval<Tensor1D> | null {
    return this.bias === null || this.biasRho === null ? null : radius(this.bias, this.biasRho);
  }

  /**
   * @param x `[batch, in]`
   * @returns `[batch, out]`
   */
  forward(x: Interval<Tensor2D>): Interval<Tensor2D> {
    checkInterval(`IntervalLinear(${this.inFeatures}, ${this.outFeatures})`, x, ["batch", this.inFeatures]);
    return tidy(() => intervalLinearMap(x, this.weights(), this.biases(), !isTraining(this)));
  }
}

function radius<X extends Tensor>(center: Tensor, rho: Tensor): Interval<X> {
  return tidy(() => {
    const size = softplus(rho);
    return { lower: sub(center, size) as X, upper: add(center, size) as X };
  });
}
