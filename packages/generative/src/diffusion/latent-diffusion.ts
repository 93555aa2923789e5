import { checkOptions, checkPositive, detach, Module, noGrad } from "@pellucid/core-train";
import { div, mul, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { mapSampler } from "../sampler/map-sampler.ts";
import type { Sampler } from "../sampler/sampler.ts";
import type {
  DiffusionLossOptions,
  DiffusionSamplerOptions,
  GaussianDiffusion,
} from "./gaussian-diffusion.ts";

/** From examples to latents and back: a VQ-VAE, a VAE, or any two functions. */
export interface LatentCoder {
  /** `[batch, ...]` -> `[batch, ...latent]` */
  readonly encode: (x: Tensor) => Tensor;
  /** `[batch, ...latent]` -> `[batch, ...]` */
  readonly decode: (z: Tensor) => Tensor;
}

/** Options for {@link LatentDiffusion}. */
export interface LatentDiffusionOptions {
  /** What latents are multiplied by, so that their standard deviation is near 1. Default: 1. */
  readonly scale?: number;
}

/**
 * Diffusion of the latents of a trained autoencoder, which is not trained further: fewer numbers to denoise.
 *
 * Rombach et al., 2021. https://arxiv.org/abs/2112.10752
 *
 * ```ts
 * const coder = { encode: (x) => vqVae.encode(x), decode: (z) => vqVae.decode(vqVae.quantize(z)) };
 * const latent = new LatentDiffusion(diffusion, coder, { scale: 1 / (await latentDeviation(coder, images)) });
 * ```
 */
export class LatentDiffusion extends Module {
  readonly diffusion: GaussianDiffusion;
  readonly scale: number;
  readonly #coder: LatentCoder;

  constructor(diffusion: GaussianDiffusion, coder: LatentCoder, options: LatentDiffusionOptions = {}) {
    super();
    checkOptions("LatentDiffusion", options, ["scale"]);
    const { scale = 1 } = options;
    checkPositive("LatentDiffusion", { scale });
    this.diffusion = diffusion;
    this.scale = scale;
    this.#coder = coder;
  }

  /**
   * The latents that are denoised.
   *
   * @param x `[batch, …]`
   */
  encode(x: Tensor): Tensor {
    return tidy(() => detach(noGrad(() => mul(this.#coder.encode(x), this.scale))));
  }

  /**
   * Examples from latents.
   *
   * @param z of the shape that `encode` gives
   */
  decode(z: Tensor): Tensor {
    return tidy(() => this.#coder.decode(div(z, this.scale)));
  }

  /**
   * The loss of a batch; see {@link GaussianDiffusion.loss}.
   *
   * @param x examples, `[batch, ...]`
   */
  loss(x: Tensor, options: DiffusionLossOptions): Tensor {
    return tidy(() => this.diffusion.loss(this.encode(x), options));
  }

  /** Makes examples: the `shape` to sample is that of the latents; events carry decoded examples. */
  sampler(options: DiffusionSamplerOptions = {}): Sampler {
    return mapSampler(this.diffusion.sampler(options), (z) => this.decode(z));
  }
}
