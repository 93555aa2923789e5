import { checkOptions, checkRng, type Layer, Module, tidyLeaves, sizeAlong } from "@pellucid/core-train";
import {
  add,
  exp,
  mul,
  neg,
  slice,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  zerosLike,
} from "@tensorflow/tfjs-core";
import type { Bijection, Transformed } from "./bijection.ts";
import { Made, type MadeOptions } from "./made.ts";

/** Options for {@link MaskedAutoregressive}. */
export type MaskedAutoregressiveOptions = Omit<MadeOptions, "outputs">;

/**
 * Shifts and scales each feature by what a network says of the features before it: `z_i = (x_i − μ_i) e^(−α_i)`. From data to noise it takes one
 * pass of the network; from noise to data one pass per feature. {@link InverseOf} it has the costs the other way round.
 *
 * Papamakarios, Pavlakou and Murray, 2017, eqs. 4 and 5. https://arxiv.org/abs/1705.07057
 */
export class MaskedAutoregressive extends Module implements Bijection, Layer<Tensor, Transformed> {
  readonly made: Made;

  constructor(features: number, options: MaskedAutoregressiveOptions) {
    super();
    checkRng("MaskedAutoregressive", options);
    checkOptions("MaskedAutoregressive", options, ["rng", "hiddenSizes"]);
    this.made = new Made(features, { ...options, outputs: 2 });
  }

  /** @param x `[batch, feature]` */
  forward(x: Tensor): Transformed {
    return tidyLeaves(() => {
      const [shift, logScale] = this.#parameters(x);
      const output = mul(sub(x, shift), exp(neg(logScale))); //      [batch, feature]
      return { output, logDet: neg(sum(logScale, 1)) };
    });
  }

  /** @param y `[batch, feature]` */
  inverse(y: Tensor): Transformed {
    return tidyLeaves(() => {
      let output: Tensor = zerosLike(y); //                          after pass i, the first i features are right
      let [shift, logScale] = this.#parameters(output);
      for (let i = 0; i < this.made.features; i++) {
        output = add(mul(y, exp(logScale)), shift);
        [shift, logScale] = this.#parameters(output);
      }
      return { output, logDet: sum(logScale, 1) };
    });
  }

  #parameters(x: Tensor): [shift: Tensor, logScale: Tensor] {
    const found = this.made.forward(x as Tensor2D); //               [batch, 2 · feature]
    const size: [number, number] = [sizeAlong(x, 0), this.made.features];
    return [slice(found, [0, 0], size), slice(found, [0, size[1]], size)];
  }
}
