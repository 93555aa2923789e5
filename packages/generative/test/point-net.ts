import { Linear, Module, type Rng, silu } from "@pellucid/core-train";
import { type NoisyInput, timeEmbedding } from "@pellucid/generative";
import { concat, type Tensor2D, tidy } from "@tensorflow/tfjs-core";

/** The small network of `fixtures/torch/diffusion.py`. */
export class PointNet extends Module {
  readonly fc1: Linear;
  readonly fc2: Linear;

  constructor(features: number, out: number, { rng, hidden = 16 }: { rng: Rng; hidden?: number }) {
    super();
    this.fc1 = new Linear(features + 8, hidden, { rng });
    this.fc2 = new Linear(hidden, out, { rng });
  }

  forward({ x, time }: NoisyInput): Tensor2D {
    return tidy(() => {
      const h = concat([x as Tensor2D, timeEmbedding(time, 8)], 1); // [batch, features + 8]
      return this.fc2.forward(silu(this.fc1.forward(h)));
    });
  }
}
