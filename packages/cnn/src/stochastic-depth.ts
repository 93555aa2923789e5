import { isTraining, type Layer, Module, type Rng } from "@pellucid/core-train";
import { clone, div, mul, type Tensor4D, tensor4d, tidy } from "@tensorflow/tfjs-core";

/**
 * In training, drops all of an example's maps with probability `p` and scales the others by `1 / (1 − p)`; at rest, the
 * identity. torchvision's `StochasticDepth(p, "row")`.
 *
 * Huang et al., 2016. Deep networks with stochastic depth. https://arxiv.org/abs/1603.09382
 */
export class StochasticDepth extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly p: number;
  readonly #rng: Rng;

  constructor(p: number, { rng }: { readonly rng: Rng }) {
    super();
    if (!(p >= 0 && p <= 1)) throw new RangeError(`StochasticDepth: p is ${p}, expected a probability.`);
    this.p = p;
    this.#rng = rng;
  }

  /**
   * @param x `[batch, height, width, channel]`
   * @returns the same shape
   */
  forward(x: Tensor4D): Tensor4D {
    if (this.p === 0 || !isTraining(this)) return clone(x);
    const survival = 1 - this.p;
    const batch = x.shape[0];
    return tidy(() => {
      const { data } = this.#rng.bernoulli(survival, [batch, 1, 1, 1]);
      const keep = tensor4d(data, [batch, 1, 1, 1]);
      return mul(x, survival > 0 ? div(keep, survival) : keep);
    });
  }
}
