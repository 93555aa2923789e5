import { flatten, type Layer, Linear, Module, relu, checkRng } from "@pellucid/core-train";
import { type Tensor, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import type { MnistNetOptions } from "./mnist-mlp.ts";

/**
 * One hidden layer, 784–128–10, for 28×28 digits. Its {@link SimpleNet.features | features} form a
 * cluster for each class. 101,770 parameters.
 */
export class SimpleNet extends Module implements Layer<Tensor, Tensor2D> {
  readonly fc1: Linear;
  readonly fc2: Linear;

  constructor(options: MnistNetOptions) {
    super();
    checkRng("SimpleNet", options);
    const { rng } = options;
    this.fc1 = new Linear(784, 128, { rng });
    this.fc2 = new Linear(128, 10, { rng });
  }

  /**
   * @param images `[batch, 28, 28, 1]` or `[batch, 784]`
   * @returns logits `[batch, 10]`
   */
  forward(images: Tensor): Tensor2D {
    return tidy(() => this.fc2.forward(this.features(images)));
  }

  /**
   * The output of the hidden layer.
   *
   * @param images `[batch, 28, 28, 1]` or `[batch, 784]`
   * @returns `[batch, 128]`, none below 0
   */
  features(images: Tensor): Tensor2D {
    return tidy(() => relu(this.fc1.forward(flatten(images) as Tensor2D)));
  }
}
