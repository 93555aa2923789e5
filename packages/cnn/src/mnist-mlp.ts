import { flatten, type Layer, Linear, Module, relu, type Rng, checkRng } from "@pellucid/core-train";
import { type Tensor, type Tensor2D, tidy } from "@tensorflow/tfjs-core";

/** Options for the models of a fixed size. */
export interface MnistNetOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
}

/**
 * Five linear layers with ReLU between them, 784–512–256–128–64–10: a baseline without convolution for 28×28 digits. 575,050
 * parameters.
 */
export class MnistMlp extends Module implements Layer<Tensor, Tensor2D> {
  readonly l1: Linear;
  readonly l2: Linear;
  readonly l3: Linear;
  readonly l4: Linear;
  readonly l5: Linear;

  constructor(options: MnistNetOptions) {
    super();
    checkRng("MnistMlp", options);
    const { rng } = options;
    this.l1 = new Linear(784, 512, { rng });
    this.l2 = new Linear(512, 256, { rng });
    this.l3 = new Linear(256, 128, { rng });
    this.l4 = new Linear(128, 64, { rng });
    this.l5 = new Linear(64, 10, { rng });
  }

  /**
   * @param images `[batch, 28, 28, 1]` or `[batch, 784]`
   * @returns logits `[batch, 10]`
   */
  forward(images: Tensor): Tensor2D {
    return tidy(() => {
      let x: Tensor = flatten(images); // [batch, 784]
      x = relu(this.l1.forward(x)); //    [batch, 512]
      x = relu(this.l2.forward(x)); //    [batch, 256]
      x = relu(this.l3.forward(x)); //    [batch, 128]
      x = relu(this.l4.forward(x)); //    [batch, 64]
      return this.l5.forward(x) as Tensor2D; // [batch, 10]
    });
  }
}
