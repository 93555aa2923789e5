import {
  checkFinite,
  checkOptions,
  checkRng,
  type Layer,
  LeakyReLU,
  Linear,
  Module,
  type Rng,
} from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";
import { type Chain, chain } from "../chain.ts";
import { linearChain } from "../linear-chain.ts";
import { SpectralNormLinear } from "./spectral-norm-linear.ts";

/** Options for {@link MlpDiscriminator}. */
export interface MlpDiscriminatorOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** The derivative of its rectifiers below 0. Default: 0.2. */
  readonly negativeSlope?: number;
  /** Whether its layers are {@link SpectralNormLinear}. Default: false. */
  readonly spectralNorm?: boolean;
}

/** Linear layers with leaky ReLU that judge examples: `new MlpDiscriminator([2, 128, 128, 1], { rng })`. See {@link MlpGenerator}. */
export class MlpDiscriminator extends Module implements Layer<Tensor, Tensor> {
  readonly main: Chain<Tensor>;

  constructor(sizes: readonly number[], options: MlpDiscriminatorOptions) {
    super();
    checkRng("MlpDiscriminator", options);
    checkOptions("MlpDiscriminator", options, ["rng", "negativeSlope", "spectralNorm"]);
    const { rng, negativeSlope = 0.2, spectralNorm = false } = options;
    checkFinite("MlpDiscriminator", { negativeSlope });
    const linear = (from: number, to: number) =>
      spectralNorm ? new SpectralNormLinear(from, to, { rng }) : new Linear(from, to, { rng });
    const leaky = () => new LeakyReLU({ negativeSlope });
    this.main = chain(...linearChain("MlpDiscriminator", sizes, linear, leaky));
  }

  /**
   * @param x `[batch, sizes[0]]`
   * @returns logits `[batch, sizes.at(-1)]`
   */
  forward(x: Tensor): Tensor {
    return this.main.forward(x);
  }
}
