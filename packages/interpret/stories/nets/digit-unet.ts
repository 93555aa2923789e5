import { loadWeights, Rng, withoutInit } from "@pellucid/core-train";
import { cosineSchedule, GaussianDiffusion, Unet } from "@pellucid/generative";

/** A U-Net of 8×8 digits by class, with attention between all pixels at both resolutions. 106,000 parameters. */
export const untrained = (rng: Rng) => {
  const net = new Unet(12, {
    rng,
    dimMults: [1, 2],
    channels: 1,
    numClasses: 10,
    fullAttn: [true, null],
    attnHeads: 2,
    attnDimHead: 8,
  });
  return { net, diffusion: new GaussianDiffusion(net, { schedule: cosineSchedule(100), minSnrGamma: 5 }) };
};

/** The trained one. */
export async function digitUnet() {
  const { net, diffusion } = withoutInit(() => untrained(new Rng(0)));
  const file = await fetch(new URL("./digit-unet.safetensors", import.meta.url).href);
  loadWeights(net, await file.arrayBuffer());
  return { net, diffusion };
}
