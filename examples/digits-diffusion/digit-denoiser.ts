import { Linear, Module, type Rng, silu } from "@pellucid/core-train";
import { type NoisyInput, timeEmbedding } from "@pellucid/generative";
import { add, concat, type Tensor2D, tidy } from "@tensorflow/tfjs-core";

const waves = 32;

/** Denoises digits as rows of 64 pixels: an MLP with residual connections, which reads the time at each layer. */
export class DigitDenoiser extends Module {
  readonly input: Linear;
  readonly layers: readonly Linear[];
  readonly output: Linear;

  constructor({ rng, hidden = 192, depth = 3 }: { rng: Rng; hidden?: number; depth?: number }) {
    super();
    this.input = new Linear(64 + waves, hidden, { rng });
    this.layers = Array.from({ length: depth }, () => new Linear(hidden + waves, hidden, { rng }));
    this.output = new Linear(hidden, 64, { rng });
  }

  forward({ x, time }: NoisyInput): Tensor2D {
    return tidy(() => {
      const t = timeEmbedding(time, waves);
      const first = silu(this.input.forward(concat([x as Tensor2D, t], 1)));
      const through = (h: Tensor2D, layer: Linear): Tensor2D =>
        add(h, silu(layer.forward(concat([h, t], 1))));
      return this.output.forward(this.layers.reduce(through, first));
    });
  }
}
