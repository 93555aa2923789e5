import { loadWeights, Module, Rng, withoutInit } from "@pellucid/core-train";
import {
  Autoencoder,
  DcganDiscriminator,
  DcganGenerator,
  type Flow,
  realNvp,
  Vae,
} from "@pellucid/generative";

/** A variational autoencoder of the 8×8 digits, with codes of eight numbers. */
export const digitsVae = (rng: Rng): Vae => new Vae(64, { rng, hiddenFeatures: 128, latentFeatures: 8 });

/** A flow from two moons, of mean 0 and deviation 1, to noise. */
export const moonsFlow = (rng: Rng): Flow => realNvp(2, { rng, couplings: 6, hiddenSizes: [32, 32] });

/** A generator of 8×8 digits and its discriminator. */
export class DigitsGan extends Module {
  readonly generator: DcganGenerator;
  readonly discriminator: DcganDiscriminator;

  constructor({ rng }: { readonly rng: Rng }) {
    super();
    const size = { rng, imageSize: 8, imageChannels: 1, channels: 32 };
    this.generator = new DcganGenerator({ ...size, latentFeatures: 16 });
    this.discriminator = new DcganDiscriminator(size);
  }
}

/** The numbers in the codes of {@link DigitsAutoencoders}. */
export const codeSizes = [1, 2, 4, 8] as const;

/** Autoencoders of the 8×8 digits, with codes of several sizes. */
export class DigitsAutoencoders extends Module {
  readonly models: readonly Autoencoder[];

  constructor({ rng }: { readonly rng: Rng }) {
    super();
    this.models = codeSizes.map((size) => new Autoencoder([64, 96, 48, size], { rng }));
  }
}

const makers = {
  "digits-vae": digitsVae,
  "moons-flow": moonsFlow,
  "digits-gan": (rng: Rng) => new DigitsGan({ rng }),
  "digits-autoencoders": (rng: Rng) => new DigitsAutoencoders({ rng }),
} as const;

const addresses = {
  "digits-vae": new URL("./digits-vae.safetensors", import.meta.url),
  "moons-flow": new URL("./moons-flow.safetensors", import.meta.url),
  "digits-gan": new URL("./digits-gan.safetensors", import.meta.url),
  "digits-autoencoders": new URL("./digits-autoencoders.safetensors", import.meta.url),
} as const;

type Name = keyof typeof makers;

/** A trained model, the caller's to dispose of. */
export async function generativeNet<N extends Name>(name: N): Promise<ReturnType<(typeof makers)[N]>> {
  const file = await fetch(addresses[name].href);
  const weights = await file.arrayBuffer();
  const model = withoutInit(() => makers[name](new Rng(0)));
  loadWeights(model, weights);
  return model as ReturnType<(typeof makers)[N]>;
}
