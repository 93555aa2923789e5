import { checkShape, checkSizes, type Layer, Module, oneHot, sizeAlong } from "@pellucid/core-train";
import { concat, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { Labeled } from "../labeled.ts";

/**
 * Gives a generator or a discriminator the class of each example, appended to its input as zeros and a one: a conditional GAN. Its network takes
 * `numClasses` features more than `x` has. Mirza and Osindero, 2014. https://arxiv.org/abs/1411.1784
 *
 * ```ts
 * const generator = new GivenClass(new MlpGenerator([16 + 10, 128, 64], { rng }), 10);
 * const digits = generator.forward({ x: noise, label });
 * const discriminator = judge.given(label); // of examples alone, for discriminatorStep
 * ```
 */
export class GivenClass extends Module implements Layer<Labeled, Tensor> {
  readonly model: Module & Layer<Tensor, Tensor>;
  readonly numClasses: number;

  constructor(model: Module & Layer<Tensor, Tensor>, numClasses: number) {
    super();
    checkSizes("GivenClass", { numClasses });
    this.model = model;
    this.numClasses = numClasses;
  }

  /** @returns what the network gives of `[batch, feature + class]` */
  forward({ x, label }: Labeled): Tensor {
    checkShape("GivenClass", "x", x, ["batch", "feature"]);
    checkShape("GivenClass", "label", label, [sizeAlong(x, 0)]);
    return tidy(() => this.model.forward(concat([x, oneHot(label, this.numClasses)], 1)));
  }

  /**
   * The same network with the classes of one batch fixed, so that it takes examples alone. It shares the parameters.
   *
   * @param label `[batch]`
   */
  given(label: Tensor): Module & Layer<Tensor, Tensor> {
    return new OfLabels(this, label);
  }
}

class OfLabels extends Module implements Layer<Tensor, Tensor> {
  readonly model: GivenClass;
  readonly #label: Tensor;

  constructor(model: GivenClass, label: Tensor) {
    super();
    this.model = model;
    this.#label = label;
  }

  forward(x: Tensor): Tensor {
    return this.model.forward({ x, label: this.#label });
  }
}
