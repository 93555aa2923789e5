import {
  checkOptions,
  checkRng,
  checkSizes,
  type Gaussian,
  type Layer,
  Linear,
  Module,
  oneHot,
  relu,
  reparameterize,
  type Rng,
  sigmoid,
  tidyLeaves,
} from "@pellucid/core-train";
import { concat, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { randomTensor } from "../sampler/random-tensor.ts";
import type { Labeled } from "../labeled.ts";
import type { VaeOptions, VaeOutput } from "./vae.ts";

/**
 * A {@link Vae} that is given the class of an example as well, at both ends: the code is left to describe what the class does not, and any
 * class can be asked for. Sohn, Lee and Yan, 2015. Learning structured output representation using deep conditional generative models.
 *
 * The layers are those of a `Vae`; the class is appended to what `fc1` and `fc3` get, as zeros and a one.
 */
export class ConditionalVae extends Module implements Layer<Labeled, VaeOutput> {
  readonly features: number;
  readonly numClasses: number;
  readonly latentFeatures: number;
  readonly fc1: Linear;
  readonly fc21: Linear;
  readonly fc22: Linear;
  readonly fc3: Linear;
  readonly fc4: Linear;
  readonly #rng: Rng;

  constructor(features: number, numClasses: number, options: VaeOptions) {
    super();
    checkRng("ConditionalVae", options);
    checkOptions("ConditionalVae", options, ["rng", "hiddenFeatures", "latentFeatures"]);
    const { rng, hiddenFeatures = 400, latentFeatures = 20 } = options;
    checkSizes("ConditionalVae", { features, numClasses, hiddenFeatures, latentFeatures });
    this.features = features;
    this.numClasses = numClasses;
    this.latentFeatures = latentFeatures;
    this.fc1 = new Linear(features + numClasses, hiddenFeatures, { rng });
    this.fc21 = new Linear(hiddenFeatures, latentFeatures, { rng });
    this.fc22 = new Linear(hiddenFeatures, latentFeatures, { rng });
    this.fc3 = new Linear(latentFeatures + numClasses, hiddenFeatures, { rng });
    this.fc4 = new Linear(hiddenFeatures, features, { rng });
    this.#rng = rng;
  }

  /** @returns the mean and the logarithm of the variance, each `[batch, latent]` */
  encode({ x, label }: Labeled): Gaussian {
    return tidyLeaves(() => {
      const hidden = relu(this.fc1.forward(this.#append(x, label))); //           [batch, hidden]
      return { mean: this.fc21.forward(hidden), logVariance: this.fc22.forward(hidden) };
    });
  }

  /**
   * @param code `[batch, latent]`
   * @param label `[batch]` int32
   * @returns logits `[batch, feature]`
   */
  decode(code: Tensor, label: Tensor): Tensor {
    return tidy(() => this.fc4.forward(relu(this.fc3.forward(this.#append(code, label)))));
  }

  forward({ x, label }: Labeled): VaeOutput {
    return tidyLeaves(() => {
      const posterior = this.encode({ x, label });
      const code = reparameterize(posterior, { rng: this.#rng }); // [batch, latent]
      return { logits: this.decode(code, label), posterior, code };
    });
  }

  /**
   * Draws an example of each class that is asked for.
   *
   * @param label `[batch]` int32
   * @returns `[batch, feature]`, 0 to 1
   */
  sample(label: Tensor, { rng }: { readonly rng: Rng }): Tensor {
    return tidy(() => sigmoid(this.decode(randomTensor([label.size, this.latentFeatures], rng), label)));
  }

  #append(x: Tensor, label: Tensor): Tensor {
    return concat([x, oneHot(label, this.numClasses)], 1);
  }
}
