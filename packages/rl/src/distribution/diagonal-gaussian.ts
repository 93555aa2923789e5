import { checkShape, drawn, type Rng } from "@pellucid/core-train";
import {
  add,
  div,
  exp,
  mul,
  neg,
  type Rank,
  square,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";
import type { Distribution } from "./distribution.ts";

const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);

/** Independent normal numbers, the action, as `torch.distributions.Normal`, whose log probabilities and entropies are summed over the action. */
export class DiagonalGaussian implements Distribution<Tensor2D> {
  /** `[batch, action]` */
  readonly mean: Tensor2D;
  /** The logarithm of the standard deviation, `[batch, action]` */
  readonly logStd: Tensor2D;

  constructor(mean: Tensor2D, logStd: Tensor2D) {
    checkShape("DiagonalGaussian", "mean", mean, ["batch", "action"]);
    checkShape("DiagonalGaussian", "logStd", logStd, mean.shape);
    this.mean = mean;
    this.logStd = logStd;
  }

  sample(rng: Rng): Tensor2D {
    return tidy(() => {
      const noise = drawn<Rank.R2>(() => rng.randn(this.mean.shape)); // [batch, action]
      return add(this.mean, mul(exp(this.logStd), noise));
    });
  }

  mode(): Tensor2D {
    return this.mean;
  }

  /** `Σ (−½ ((a − μ) / σ)² − log σ − ½ log 2π)` */
  logProb(actions: Tensor2D): Tensor1D {
    checkShape("DiagonalGaussian", "actions", actions, this.mean.shape);
    return tidy(() => {
      const scaled = div(sub(actions, this.mean), exp(this.logStd)); // [batch, action]
      return sum<Tensor1D>(sub(mul(-0.5, square(scaled)), add(this.logStd, halfLogTwoPi)), -1);
    });
  }

  /** `Σ (½ + ½ log 2π + log σ)` */
  entropy(): Tensor1D {
    return tidy(() => neg(sum<Tensor1D>(sub(-0.5 - halfLogTwoPi, this.logStd), -1)));
  }
}
