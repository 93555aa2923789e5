import {
  type Buffer,
  checkArguments,
  checkOptions,
  checkPositive,
  checkRng,
  checkShape,
  checkSizes,
  type Layer,
  Linear,
  Module,
  OptionError,
  ReLU,
  type Rng,
  stateBuffer,
  tidyLeaves,
} from "@pellucid/core-train";
import { add, mul, reshape, slice, sub, type Tensor, type Rank } from "@tensorflow/tfjs-core";
import { type Chain, chain } from "../chain.ts";
import { linearChain } from "../linear-chain.ts";
import type { Bijection, Transformed } from "./bijection.ts";
import { rationalQuadraticSpline } from "./rational-quadratic-spline.ts";
import { sumPerExample } from "./sum-per-example.ts";

/** Options for {@link SplineCoupling}. */
export interface SplineCouplingOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Units of the hidden layers. Default: [64, 64]. */
  readonly hiddenSizes?: readonly number[];
  /** Bins of each spline. Default: 8. */
  readonly bins?: number;
  /** The splines are within `± tailBound`, and the identity outside. Default: 3. */
  readonly tailBound?: number;
}

/**
 * Moves each feature that a mask hides along a spline, whose knots a network chooses by the features that the mask shows: as flexible as an
 * autoregressive layer, and inverted in one pass. Durkan et al., 2019. https://arxiv.org/abs/1906.04032. See
 * {@link rationalQuadraticSpline}.
 */
export class SplineCoupling extends Module implements Bijection, Layer<Tensor, Transformed> {
  /** 1 for features that are shown, 0 for those that change, `[feature]`. */
  readonly mask: Buffer<Rank.R1>;
  readonly net: Chain<Tensor>;
  readonly bins: number;
  readonly tailBound: number;

  /**
   * @throws {StructError} For a mask that is not numbers.
   * @throws {OptionError} For a mask of other numbers than 0 and 1, or a wrong option.
   */
  constructor(mask: readonly number[], options: SplineCouplingOptions) {
    super();
    checkRng("SplineCoupling", options);
    checkOptions("SplineCoupling", options, ["rng", "hiddenSizes", "bins", "tailBound"]);
    const { rng, hiddenSizes = [64, 64], bins = 8, tailBound = 3 } = options;
    checkSizes("SplineCoupling", { bins }, 2);
    checkPositive("SplineCoupling", { tailBound });
    checkArguments("SplineCoupling", { numbers: { mask, hiddenSizes } });
    const features = mask.length;
    const wrong = mask.find((value) => value !== 0 && value !== 1);
    if (wrong !== undefined) throw new OptionError("SplineCoupling", "mask", wrong, "0 or 1 everywhere");
    const sizes = [features, ...hiddenSizes, features * (3 * bins - 1)];
    const linear = (from: number, to: number) => new Linear(from, to, { rng });
    const layers = linearChain("SplineCoupling", sizes, linear, () => new ReLU());
    this.net = chain(...layers);
    this.mask = stateBuffer({ data: Float32Array.from(mask), shape: [features] });
    this.bins = bins;
    this.tailBound = tailBound;
  }

  /** @param x `[batch, feature]` */
  forward(x: Tensor): Transformed {
    return this.#along(x, false);
  }

  /** @param y `[batch, feature]` */
  inverse(y: Tensor): Transformed {
    return this.#along(y, true);
  }

  #along(x: Tensor, inverse: boolean): Transformed {
    const { mask, bins, tailBound } = this;
    checkShape("SplineCoupling", "x", x, ["batch", mask.size]);
    return tidyLeaves(() => {
      const shown = mul(x, mask); //                                                    [batch, feature]
      const found = this.net.forward(shown); //                       [batch, feature · (3 bin − 1)]
      const all = reshape(found, [...x.shape, 3 * bins - 1]); //                         [batch, feature, 3 bin − 1]
      const part = (from: number, count: number): Tensor => slice(all, [0, 0, from], [...x.shape, count]);
      const parameters = {
        widths: part(0, bins),
        heights: part(bins, bins),
        derivatives: part(2 * bins, bins - 1),
      };
      const { output, logDerivative } = rationalQuadraticSpline(x, parameters, { tailBound, inverse });
      const hidden = sub(1, mask);
      return {
        output: add(shown, mul(hidden, output)),
        logDet: sumPerExample(mul(hidden, logDerivative)),
      };
    });
  }
}
