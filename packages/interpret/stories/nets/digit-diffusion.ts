import { Linear, loadWeights, Module, Rng, silu, withoutInit } from "@pellucid/core-train";
import { digits } from "@pellucid/datasets";
import { cosineSchedule, GaussianDiffusion, type NoisyInput, timeEmbedding } from "@pellucid/generative";
import { add, concat, type Tensor2D, tidy } from "@tensorflow/tfjs-core";

const waves = 16;

/** Denoises digits as rows of 64 pixels from −1 to 1: an MLP with residual connections, which reads the time at each layer. 56,640 parameters. */
export class DigitDenoiser extends Module {
  readonly input: Linear;
  readonly layers: readonly Linear[];
  readonly output: Linear;

  constructor({ rng }: { readonly rng: Rng }) {
    super();
    this.input = new Linear(64 + waves, 112, { rng });
    this.layers = Array.from({ length: 2 }, () => new Linear(112 + waves, 112, { rng }));
    this.output = new Linear(112, 64, { rng });
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

/** A diffusion model of the UCI digits, to be trained. */
export const untrained = (rng: Rng) =>
  new GaussianDiffusion(new DigitDenoiser({ rng }), { schedule: cosineSchedule(200), minSnrGamma: 5 });

/** The trained one. */
export async function digitDiffusion(): Promise<GaussianDiffusion> {
  const diffusion = withoutInit(() => untrained(new Rng(0)));
  const file = await fetch(new URL("./digit-diffusion.safetensors", import.meta.url).href);
  loadWeights(diffusion.model, await file.arrayBuffer());
  return diffusion;
}

/** Digits as rows of 64 pixels from −1 to 1: those that it was trained on, or those that it has not seen. */
export async function digitRows(part: "train" | "test"): Promise<number[][]> {
  const { images } = (await digits())[part];
  return Array.from({ length: images.shape[0] }, (_, i) =>
    Array.from(images.data.subarray(64 * i, 64 * (i + 1)), (ink) => ink / 8 - 1),
  );
}
