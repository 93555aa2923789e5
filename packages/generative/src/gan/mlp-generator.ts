import {
  checkChoice,
  checkOptions,
  checkRng,
  type Layer,
  Linear,
  Module,
  ReLU,
  type Rng,
  Tanh,
} from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";
import { type Chain, chain } from "../chain.ts";
import { linearChain } from "../linear-chain.ts";

/** Options for {@link MlpGenerator}. */
export interface MlpGeneratorOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** After the last layer: `"tanh"` for pixels from −1 to 1. Default: `"none"`. */
  readonly output?: "none" | "tanh";
}

/**
 * Linear layers with ReLU that make examples from noise: `new MlpGenerator([2, 128, 128, 2], { rng })`. Names are those of a sequential: `main.0.weight`.
 * Goodfellow et al., 2014. https://arxiv.org/abs/1406.2661
 */
export class MlpGenerator extends Module implements Layer<Tensor, Tensor> {
  readonly main: Chain<Tensor>;

  constructor(sizes: readonly number[], options: MlpGeneratorOptions) {
    super();
    checkRng("MlpGenerator", options);
    checkOptions("MlpGenerator", options, ["rng", "output"]);
    const { rng, output = "none" } = options;
    checkChoice("MlpGenerator", "output", output, ["none", "tanh"]);
    const linear = (from: number, to: number) => new Linear(from, to, { rng });
    const layers = linearChain("MlpGenerator", sizes, linear, () => new ReLU());
    this.main = chain(...layers, ...(output === "tanh" ? [new Tanh()] : []));
  }

  /**
   * @param latent `[batch, sizes[0]]`
   * @returns `[batch, sizes.at(-1)]`
   */
  forward(latent: Tensor): Tensor {
    return this.main.forward(latent);
  }
}
