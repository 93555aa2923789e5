import { checkSizes, flatten, type Layer, MaxPool2d, Module, softplus } from "@pellucid/core-train";
import { type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { BayesianConv2d } from "../variational/bayesian-conv2d.ts";
import { type BayesianOptions, checkBayesian } from "../variational/bayesian-layer.ts";
import { BayesianLinear } from "../variational/bayesian-linear.ts";

/** Options for {@link BayesianLeNet}. */
export interface BayesianLeNetOptions extends BayesianOptions {
  /** Default: 10. */
  readonly numClasses?: number;
  /** Default: 1. */
  readonly inChannels?: number;
}

/**
 * LeNet with distributions for weights, for 32×32 images: PyTorch-BayesianCNN's `BBBLeNet` with its names, `conv1.W_mu`, …, `fc3.bias_rho`, and softplus between the layers.
 *
 * Shridhar et al., 2019. https://arxiv.org/abs/1901.02731
 */
export class BayesianLeNet extends Module implements Layer<Tensor4D, Tensor2D> {
  readonly conv1: BayesianConv2d;
  readonly conv2: BayesianConv2d;
  readonly fc1: BayesianLinear;
  readonly fc2: BayesianLinear;
  readonly fc3: BayesianLinear;
  readonly #pool = new MaxPool2d(2);

  constructor(options: BayesianLeNetOptions) {
    super();
    const { numClasses = 10, inChannels = 1, ...layer } = Object(options) as BayesianLeNetOptions;
    checkBayesian("BayesianLeNet", layer);
    checkSizes("BayesianLeNet", { numClasses, inChannels });
    this.conv1 = new BayesianConv2d(inChannels, 6, 5, layer);
    this.conv2 = new BayesianConv2d(6, 16, 5, layer);
    this.fc1 = new BayesianLinear(400, 120, layer);
    this.fc2 = new BayesianLinear(120, 84, layer);
    this.fc3 = new BayesianLinear(84, numClasses, layer);
  }

  /**
   * @param images `[batch, 32, 32, channel]`
   * @returns logits `[batch, class]`
   */
  forward(images: Tensor4D): Tensor2D {
    return tidy(() => {
      let x = this.#pool.forward(softplus(this.conv1.forward(images))); //  [batch, 14, 14, 6]
      x = this.#pool.forward(softplus(this.conv2.forward(x))); //           [batch, 5, 5, 16]
      const features = softplus(this.fc1.forward(flatten(x))); //           [batch, 120]
      return this.fc3.forward(softplus(this.fc2.forward(features))); //     [batch, class]
    });
  }
}
