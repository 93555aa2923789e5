import { checkProbabilities, checkRng } from "../check-values.ts";
import { clone, div, mul, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { drawn } from "../compile/drawn.ts";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { isTraining } from "../module/training.ts";
import type { Rng } from "../rng/rng.ts";

/**
 * In training, sets all features of an example to 0 with probability `p` and scales the other examples by `1 / (1 − p)`. In
 * inference it is the identity.
 *
 * torchvision's `StochasticDepth(p, "row")`, for residual branches of any rank.
 *
 * Huang et al., 2016. Deep networks with stochastic depth. https://arxiv.org/abs/1603.09382
 *
 * @throws {OptionError} If `p` is not a probability.
 */
export class StochasticDepth extends Module implements Layer<Tensor, Tensor> {
  readonly p: number;
  readonly #rng: Rng;

  constructor(p: number, options: { readonly rng: Rng }) {
    super();
    checkRng("StochasticDepth", options);
    checkOptions("StochasticDepth", options, ["rng"]);
    checkProbabilities("StochasticDepth", { p });
    this.p = p;
    this.#rng = options.rng;
  }

  /**
   * @param x `[batch, …]`
   * @returns the same shape
   */
  forward<X extends Tensor>(x: X): X {
    if (this.p === 0 || !isTraining(this)) return clone(x);
    const survival = 1 - this.p;
    const shape = x.shape.map((size, axis) => (axis === 0 ? size : 1));
    return tidy(() => {
      const mask = drawn(() => this.#rng.bernoulli(survival, shape));
      return mul<X>(x, survival > 0 ? div(mask, survival) : mask);
    });
  }
}
