import { Linear, Module, type Rng, Sequential, SiLU } from "@pellucid/core-train";
import { type Tensor1D, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { TimeSinusoids } from "../unet/time-sinusoids.ts";

/** The time's sinusoids through an MLP. */
export class TimeEmbedder extends Module {
  readonly mlp: Sequential<readonly [Linear, SiLU, Linear]>;
  readonly #waves = new TimeSinusoids(256, { layout: "openai" });

  constructor(features: number, rng: Rng) {
    super();
    this.mlp = new Sequential(
      new Linear(256, features, { rng }),
      new SiLU(),
      new Linear(features, features, { rng }),
    );
  }

  /**
   * @param time `[batch]`
   * @returns `[batch, feature]`
   */
  forward(time: Tensor1D): Tensor2D {
    return tidy(() => this.mlp.forward(this.#waves.forward(time)) as Tensor2D);
  }
}
