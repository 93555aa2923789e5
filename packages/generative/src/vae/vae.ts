import {
  checkOptions,
  checkRng,
  checkSizes,
  type Gaussian,
  type Layer,
  Linear,
  Module,
  relu,
  reparameterize,
  type Rng,
  sigmoid,
  tidyLeaves,
} from "@pellucid/core-train";
import { type Tensor, tidy } from "@tensorflow/tfjs-core";
import { randomTensor } from "../sampler/random-tensor.ts";

/** Options for {@link Vae}. */
export interface VaeOptions {
  /** Random generator for initialization, then for the draws of the codes. */
  readonly rng: Rng;
  /** Units of the layer between pixels and code. Default: 400. */
  readonly hiddenFeatures?: number;
  /** Numbers in a code. Default: 20. */
  readonly latentFeatures?: number;
}

/** What a variational autoencoder returns. */
export interface VaeOutput {
  /** The logits of the reconstruction, `[batch, feature]`: pixels are their sigmoid. */
  readonly logits: Tensor;
  /** The distribution of the codes of each example. */
  readonly posterior: Gaussian;
  /** The codes that were drawn, `[batch, latent]`. */
  readonly code: Tensor;
}

/**
 * A variational autoencoder of linear layers, which encodes an example as a normal distribution of codes, and decodes one of them.
 * Trained on the {@link negativeElbo}, the codes of all examples together fill a standard normal distribution, so that any draw from it decodes to
 * something like an example.
 *
 * Kingma and Welling, 2013. https://arxiv.org/abs/1312.6114. Layers and names are those of PyTorch's example: `fc1`, `fc21` (mean),
 * `fc22` (logarithm of the variance), `fc3`, `fc4`; it returns logits, not their sigmoid. A code is drawn in inference too.
 */
export class Vae extends Module implements Layer<Tensor, VaeOutput> {
  readonly features: number;
  readonly latentFeatures: number;
  readonly fc1: Linear;
  readonly fc21: Linear;
  readonly fc22: Linear;
  readonly fc3: Linear;
  readonly fc4: Linear;
  readonly #rng: Rng;

  constructor(features: number, options: VaeOptions) {
    super();
    checkRng("Vae", options);
    checkOptions("Vae", options, ["rng", "hiddenFeatures", "latentFeatures"]);
    const { rng, hiddenFeatures = 400, latentFeatures = 20 } = options;
    checkSizes("Vae", { features, hiddenFeatures, latentFeatures });
    this.features = features;
    this.latentFeatures = latentFeatures;
    this.fc1 = new Linear(features, hiddenFeatures, { rng });
    this.fc21 = new Linear(hiddenFeatures, latentFeatures, { rng });
    this.fc22 = new Linear(hiddenFeatures, latentFeatures, { rng });
    this.fc3 = new Linear(latentFeatures, hiddenFeatures, { rng });
    this.fc4 = new Linear(hiddenFeatures, features, { rng });
    this.#rng = rng;
  }

  /**
   * @param x `[batch, feature]`
   * @returns the mean and the logarithm of the variance, each `[batch, latent]`
   */
  encode(x: Tensor): Gaussian {
    return tidyLeaves(() => {
      const hidden = relu(this.fc1.forward(x)); //                                [batch, hidden]
      return { mean: this.fc21.forward(hidden), logVariance: this.fc22.forward(hidden) };
    });
  }

  /**
   * @param code `[batch, latent]`
   * @returns logits `[batch, feature]`
   */
  decode(code: Tensor): Tensor {
    return tidy(() => this.fc4.forward(relu(this.fc3.forward(code))));
  }

  /** @param x `[batch, feature]`, 0 to 1 */
  forward(x: Tensor): VaeOutput {
    return tidyLeaves(() => {
      const posterior = this.encode(x);
      const code = reparameterize(posterior, { rng: this.#rng }); // [batch, latent]
      return { logits: this.decode(code), posterior, code };
    });
  }

  /**
   * Draws examples: the pixels of codes from the standard normal distribution.
   *
   * @returns `[count, feature]`, 0 to 1
   */
  sample(count: number, { rng }: { readonly rng: Rng }): Tensor {
    checkSizes("Vae.sample", { count });
    return tidy(() => sigmoid(this.decode(randomTensor([count, this.latentFeatures], rng))));
  }
}
