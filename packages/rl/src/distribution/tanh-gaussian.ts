import {
  checkArguments,
  checkShape,
  drawn,
  type Rng,
  ShapeError,
  softplus,
  tanh,
} from "@pellucid/core-train";
import {
  add,
  exp,
  log,
  mul,
  type Rank,
  square,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tidy,
} from "@tensorflow/tfjs-core";

const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);

/** An action within its bounds, and the logarithm of its density. */
export interface SquashedSample {
  /** `[batch, action]` */
  readonly action: Tensor2D;
  /** `[batch]` */
  readonly logProb: Tensor1D;
}

/** Options for {@link TanhGaussian}. */
export interface TanhGaussianOptions {
  readonly low: ArrayLike<number>;
  readonly high: ArrayLike<number>;
  /** Computes `log(1 − tanh² u + epsilon)`, as CleanRL does with 1e-6, which is wrong where tanh is near ±1. Default: the exact form. */
  readonly epsilon?: number;
}

/**
 * A normal number `u`, squashed to the bounds of an action: `a = tanh(u) · (high − low) / 2 + (high + low) / 2`. Its log density has the correction
 * `log |da/du| = log((high − low) / 2) + 2 (log 2 − u − softplus(−2 u))`, which stays exact where tanh is near ±1.
 *
 * Haarnoja et al., 2018, appendix C. https://arxiv.org/abs/1812.05905
 */
export class TanhGaussian {
  readonly mean: Tensor2D;
  readonly logStd: Tensor2D;
  readonly #options: TanhGaussianOptions;

  /**
   * @param mean `[batch, action]`
   * @param logStd `[batch, action]`
   */
  constructor(mean: Tensor2D, logStd: Tensor2D, options: TanhGaussianOptions) {
    checkArguments("TanhGaussian", { "{ low, high }": { options } });
    checkShape("TanhGaussian", "mean", mean, ["batch", "action"]);
    checkShape("TanhGaussian", "logStd", logStd, mean.shape);
    const { low, high } = options;
    if (low.length !== mean.shape[1] || high.length !== mean.shape[1])
      throw new ShapeError(
        `TanhGaussian: ${low.length} lower and ${high.length} upper bounds, expected ${mean.shape[1]} of each.`,
      );
    this.mean = mean;
    this.logStd = logStd;
    this.#options = options;
  }

  /** Draws an action through which gradients reach mean and deviation, `rsample`. */
  sample(rng: Rng): SquashedSample {
    return tidy(() => ({ ...this.fromNoise(drawn<Rank.R2>(() => rng.randn(this.mean.shape))) }));
  }

  /** The action for given standard normal numbers, `[batch, action]`. */
  fromNoise(noise: Tensor2D): SquashedSample {
    checkShape("TanhGaussian", "noise", noise, this.mean.shape);
    const { epsilon } = this.#options;
    return tidy(() => {
      const { scale, center } = this.#bounds();
      const u = add(this.mean, mul(exp(this.logStd), noise)); //                        [batch, action]
      const squashed = tanh(u);
      const normal = sub(mul(-0.5, square(noise)), add(this.logStd, halfLogTwoPi));
      const change =
        epsilon === undefined
          ? add(log(scale), mul(2, sub(sub(Math.LN2, u), softplus(mul(-2, u)))))
          : log(add(mul(scale, sub(1, square(squashed))), epsilon));
      const logProb = sum<Tensor1D>(sub(normal, change), -1); //                        [batch]
      return { action: add<Tensor2D>(mul(squashed, scale), center), logProb };
    });
  }

  /** The action of the mean, `[batch, action]`. */
  mode(): Tensor2D {
    return tidy(() => {
      const { scale, center } = this.#bounds();
      return add(mul(tanh(this.mean), scale), center);
    });
  }

  #bounds(): { readonly scale: Tensor1D; readonly center: Tensor1D } {
    const { low, high } = this.#options;
    const combine = (f: (from: number, to: number) => number) =>
      tensor1d(Float32Array.from({ length: low.length }, (_, i) => f(low[i] ?? NaN, high[i] ?? NaN)));
    return { scale: combine((from, to) => (to - from) / 2), center: combine((from, to) => (to + from) / 2) };
  }
}
