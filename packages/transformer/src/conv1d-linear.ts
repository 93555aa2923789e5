import {
  checkShape,
  type Layer,
  Linear,
  linear,
  Module,
  type Parameter,
  permute,
  type Rng,
  type Initializer,
  initialize,
  init,
  checkSizes,
  checkRng,
} from "@pellucid/core-train";
import { type Rank, type Tensor, tidy, zerosLike } from "@tensorflow/tfjs-core";

/** Options for {@link Conv1dLinear}. */
export interface Conv1dLinearOptions {
  readonly rng: Rng;
  /** Whether to add a bias, initially 0. */
  readonly bias: boolean;
}

/**
 * A linear layer that files store as `[in, out]`: `Conv1D` in OpenAI's code and Hugging Face's.
 * Its weight is 0 until `redraw` initializes it.
 */
export class Conv1dLinear extends Module implements Layer<Tensor, Tensor> {
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** `[in, out]` */
  readonly weight: Parameter<Rank.R2>;
  /** `[out]` */
  readonly bias: Parameter<Rank.R1> | null;

  constructor(inFeatures: number, outFeatures: number, options: Conv1dLinearOptions) {
    super();
    checkRng("Conv1dLinear", options);
    checkSizes("Conv1dLinear", { inFeatures, outFeatures });
    const { rng, bias } = options;
    const { weight, bias: shift } = new Linear(inFeatures, outFeatures, {
      rng,
      bias,
      init: init.skipUniform(),
    });
    tidy(() => shift?.assign(zerosLike(shift)));
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.weight = weight;
    this.bias = shift;
  }

  /** Draws the weight in the order of `[out, in]`. */
  redraw(init: Initializer, rng: Rng): void {
    initialize(this, "weight", ([rows = 0, columns = 0]) => permute(init([columns, rows], rng), [1, 0]), rng);
  }

  /**
   * @param x `[..., in]`
   * @returns `[..., out]`
   */
  forward<X extends Tensor>(x: X): X {
    const { inFeatures, outFeatures, weight, bias } = this;
    checkShape(`Conv1dLinear(${inFeatures}, ${outFeatures})`, "x", x, ["...", inFeatures]);
    return linear(x, weight, bias);
  }
}
