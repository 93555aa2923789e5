import {
  checkShape,
  checkSizes,
  init,
  initialized,
  type Layer,
  Module,
  type Parameter,
  tidyLeaves,
  sizeAlong,
} from "@pellucid/core-train";
import { broadcastTo, div, exp, mul, type Rank, reshape, sum, type Tensor } from "@tensorflow/tfjs-core";
import type { Bijection, Transformed } from "./bijection.ts";

/** Scales each feature by `e^s`, with a learned `s` that starts at 0: the last layer of NICE. Dinh, Krueger and Bengio, 2014, section 3.3. */
export class DiagonalScaling extends Module implements Bijection, Layer<Tensor, Transformed> {
  /** `[feature]` */
  readonly logScale: Parameter<Rank.R1>;

  constructor(features: number) {
    super();
    checkSizes("DiagonalScaling", { features });
    this.logScale = initialized([features], init.zeros());
  }

  /** @param x `[batch, feature]` */
  forward(x: Tensor): Transformed {
    return this.#scaled(x, (scale) => mul(x, scale), 1);
  }

  /** @param y `[batch, feature]` */
  inverse(y: Tensor): Transformed {
    return this.#scaled(y, (scale) => div(y, scale), -1);
  }

  #scaled(x: Tensor, by: (scale: Tensor) => Tensor, sign: number): Transformed {
    checkShape("DiagonalScaling", "x", x, ["batch", this.logScale.size]);
    return tidyLeaves(() => {
      const total = mul(sign, sum(this.logScale)); //                    []
      const logDet = broadcastTo<Rank.R1>(reshape(total, [1]), [sizeAlong(x, 0)]);
      return { output: by(exp(this.logScale)), logDet };
    });
  }
}
