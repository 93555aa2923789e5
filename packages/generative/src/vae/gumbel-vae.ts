import {
  checkOptions,
  checkPositive,
  checkRng,
  checkSizes,
  gumbelSoftmax,
  type Layer,
  Linear,
  Module,
  relu,
  type Rng,
  tidyLeaves,
} from "@pellucid/core-train";
import { reshape, type Tensor, tidy } from "@tensorflow/tfjs-core";

/** Options for {@link GumbelVae}. */
export interface GumbelVaeOptions {
  /** Random generator for initialization, then for the draws of the codes. */
  readonly rng: Rng;
  /** Units of the layer between pixels and code. Default: 400. */
  readonly hiddenFeatures?: number;
  /** How many choices a code consists of. Default: 20. */
  readonly variables?: number;
  /** Between how many classes each choice is. Default: 10. */
  readonly classes?: number;
  /** The temperature of the choices: the lower, the nearer to one class. Default: 1. */
  readonly tau?: number;
  /** Whether one class is taken for good, while the gradient stays that of the soft choice. Default: false. */
  readonly hard?: boolean;
}

/** What an autoencoder of discrete codes returns. */
export interface GumbelVaeOutput {
  /** The logits of the reconstruction, `[batch, feature]`. */
  readonly logits: Tensor;
  /** The logits of the choices, `[batch, variable, class]`, for {@link categoricalKl}. */
  readonly posterior: Tensor;
  /** The choices that were drawn, `[batch, variable, class]`. */
  readonly code: Tensor;
}

/**
 * A variational autoencoder whose code is a list of choices between classes, drawn by the Gumbel softmax, through which the gradient flows.
 * Jang, Gu and Poole, 2016. https://arxiv.org/abs/1611.01144. The temperature may be lowered during training: `model.tau = 0.5`.
 *
 * Layers: `fc1`, `fc2` (the logits of the choices), `fc3`, `fc4`.
 */
export class GumbelVae extends Module implements Layer<Tensor, GumbelVaeOutput> {
  readonly variables: number;
  readonly classes: number;
  tau: number;
  readonly hard: boolean;
  readonly fc1: Linear;
  readonly fc2: Linear;
  readonly fc3: Linear;
  readonly fc4: Linear;
  readonly #rng: Rng;

  constructor(features: number, options: GumbelVaeOptions) {
    super();
    checkRng("GumbelVae", options);
    checkOptions("GumbelVae", options, ["rng", "hiddenFeatures", "variables", "classes", "tau", "hard"]);
    const { rng, hiddenFeatures = 400, variables = 20, classes = 10, tau = 1, hard = false } = options;
    checkSizes("GumbelVae", { features, hiddenFeatures, variables, classes });
    checkPositive("GumbelVae", { tau });
    this.variables = variables;
    this.classes = classes;
    this.tau = tau;
    this.hard = hard;
    this.fc1 = new Linear(features, hiddenFeatures, { rng });
    this.fc2 = new Linear(hiddenFeatures, variables * classes, { rng });
    this.fc3 = new Linear(variables * classes, hiddenFeatures, { rng });
    this.fc4 = new Linear(hiddenFeatures, features, { rng });
    this.#rng = rng;
  }

  /**
   * @param x `[batch, feature]`
   * @returns the logits of the choices, `[batch, variable, class]`
   */
  encode(x: Tensor): Tensor {
    return tidy(() => {
      const logits = this.fc2.forward(relu(this.fc1.forward(x))); // [batch, variable · class]
      return reshape(logits, [-1, this.variables, this.classes]); // [batch, variable, class]
    });
  }

  /**
   * @param code `[batch, variable, class]`
   * @returns logits `[batch, feature]`
   */
  decode(code: Tensor): Tensor {
    const flat = (): Tensor => reshape(code, [-1, this.variables * this.classes]);
    return tidy(() => this.fc4.forward(relu(this.fc3.forward(flat()))));
  }

  /** @param x `[batch, feature]`, 0 to 1 */
  forward(x: Tensor): GumbelVaeOutput {
    const { tau, hard, classes } = this;
    return tidyLeaves(() => {
      const posterior = this.encode(x); //                                          [batch, variable, class]
      const rows = reshape(posterior, [-1, classes]); //                            [batch · variable, class]
      const drawn = gumbelSoftmax(rows, { rng: this.#rng, tau, hard }); //          [batch · variable, class]
      const code = reshape(drawn, posterior.shape); //                              [batch, variable, class]
      return { logits: this.decode(code), posterior, code };
    });
  }
}
