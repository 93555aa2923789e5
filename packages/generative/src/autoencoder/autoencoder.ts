import {
  checkChoice,
  checkOptions,
  checkRng,
  Linear,
  type Layer,
  Module,
  ReLU,
  type Rng,
  Sigmoid,
  Tanh,
} from "@pellucid/core-train";
import { type Tensor, tidy } from "@tensorflow/tfjs-core";
import { type Chain, chain } from "../chain.ts";
import { linearChain } from "../linear-chain.ts";

/** Options for {@link Autoencoder}. */
export interface AutoencoderOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Between the layers. Default: `"tanh"`. */
  readonly activation?: "tanh" | "relu" | "sigmoid";
  /** After the decoder: `"sigmoid"` for pixels from 0 to 1, `"none"` for any numbers. Default: `"sigmoid"`. */
  readonly output?: "sigmoid" | "none";
  /** Whether the code goes through the activation too, as a sparse code does. Default: false. */
  readonly activateCode?: boolean;
}

const activations = { tanh: Tanh, relu: ReLU, sigmoid: Sigmoid };

/**
 * Linear layers down to a code, and the same sizes back up: `new Autoencoder([784, 128, 64, 12, 3], { rng })`. Trained on the
 * distance of its output to its input, it learns what few numbers describe the data: a curved PCA.
 *
 * Hinton and Salakhutdinov, 2006. https://doi.org/10.1126/science.1127647. Parameters are `encoder.0.weight`, … and
 * `decoder.0.weight`, …, as of two `nn.Sequential`.
 *
 * @throws OptionError for fewer than two sizes
 */
export class Autoencoder extends Module implements Layer<Tensor, Tensor> {
  readonly encoder: Chain<Tensor>;
  readonly decoder: Chain<Tensor>;

  constructor(sizes: readonly number[], options: AutoencoderOptions) {
    super();
    checkRng("Autoencoder", options);
    checkOptions("Autoencoder", options, ["rng", "activation", "output", "activateCode"]);
    const { rng, activation = "tanh", output = "sigmoid", activateCode = false } = options;
    checkChoice("Autoencoder", "activation", activation, ["tanh", "relu", "sigmoid"]);
    checkChoice("Autoencoder", "output", output, ["sigmoid", "none"]);
    const activationLayer = () => new activations[activation]();
    const linear = (from: number, to: number) => new Linear(from, to, { rng });
    const layers = (widths: readonly number[]) => linearChain("Autoencoder", widths, linear, activationLayer);
    const afterCode = activateCode ? [activationLayer()] : [];
    const afterOutput = output === "sigmoid" ? [new Sigmoid()] : [];
    this.encoder = chain(...layers(sizes), ...afterCode);
    this.decoder = chain(...layers(sizes.toReversed()), ...afterOutput);
  }

  /**
   * @param x `[batch, sizes[0]]`
   * @returns `[batch, sizes.at(-1)]`
   */
  encode(x: Tensor): Tensor {
    return this.encoder.forward(x);
  }

  /**
   * @param code `[batch, sizes.at(-1)]`
   * @returns `[batch, sizes[0]]`
   */
  decode(code: Tensor): Tensor {
    return this.decoder.forward(code);
  }

  /** @returns the shape of `x` */
  forward(x: Tensor): Tensor {
    return tidy(() => this.decode(this.encode(x)));
  }
}
