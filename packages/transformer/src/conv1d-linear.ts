import {
  Linear,
  type Rng,
  type Initializer,
  initialize,
  init,
  type TorchLayout,
  checkRng,
  checkSizes,
} from "@pellucid/core-train";
import { tidy, zerosLike } from "@tensorflow/tfjs-core";

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
export class Conv1dLinear extends Linear {
  constructor(inFeatures: number, outFeatures: number, options: Conv1dLinearOptions) {
    checkRng("Conv1dLinear", options);
    checkSizes("Conv1dLinear", { inFeatures, outFeatures });
    const { rng, bias } = options;
    super(inFeatures, outFeatures, { rng, bias, init: init.skipUniform() });
    tidy(() => this.bias?.assign(zerosLike(this.bias)));
  }

  override get torchLayout(): TorchLayout {
    return {};
  }

  /** Draws the weight in the order of `[out, in]`, as a `Linear` does. */
  redraw(init: Initializer, rng: Rng): void {
    const linear = Object.create(this, { torchLayout: { value: { weight: { axes: [1, 0] } } } }) as this;
    initialize(linear, "weight", init, rng);
  }
}
