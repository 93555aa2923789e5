import {
  checkOptions,
  checkRng,
  checkSizes,
  type Layer,
  Linear,
  Module,
  type Rng,
  Tanh,
  sizeAlong,
} from "@pellucid/core-train";
import { concat, fill, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { type Chain, chain } from "../chain.ts";
import { linearChain } from "../linear-chain.ts";

/** Where examples are, and when. */
export interface FieldInput {
  /** `[batch, feature]` */
  readonly x: Tensor;
  readonly time: number;
}

/** Options for {@link MlpField}. */
export interface MlpFieldOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Units of the hidden layers. Default: [64, 64]. */
  readonly hiddenSizes?: readonly number[];
}

/** A velocity for each position and time, from linear layers with tanh: the time is appended to the features. */
export class MlpField extends Module implements Layer<FieldInput, Tensor> {
  readonly net: Chain<Tensor>;

  constructor(features: number, options: MlpFieldOptions) {
    super();
    checkRng("MlpField", options);
    checkOptions("MlpField", options, ["rng", "hiddenSizes"]);
    const { rng, hiddenSizes = [64, 64] } = options;
    checkSizes("MlpField", { features });
    const sizes = [features + 1, ...hiddenSizes, features];
    const linear = (from: number, to: number) => new Linear(from, to, { rng });
    this.net = chain(...linearChain("MlpField", sizes, linear, () => new Tanh()));
  }

  /** @returns the velocity, `[batch, feature]` */
  forward({ x, time }: FieldInput): Tensor {
    return tidy(() => {
      const withTime = concat([x, fill([sizeAlong(x, 0), 1], time)], 1); // [batch, feature + 1]
      return this.net.forward(withTime); //                                      [batch, feature]
    });
  }
}
