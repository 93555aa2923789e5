import { useBackend } from "@pellucid/backends";
import { Rng } from "@pellucid/core-train";
import { ddim, drawSamples } from "@pellucid/generative";
import { mean, square } from "@tensorflow/tfjs-core";
import type { Step } from "../contestant.ts";
import { noise, smallDiffusion, work } from "./work.ts";

/** Draws from given noise, and says the mean square of the pixels. */
export async function prepare(): Promise<Step> {
  await useBackend({ only: "wasm" });
  const { diffusion } = smallDiffusion();
  const start = noise(1);
  const sampler = diffusion.sampler({ solver: ddim(), steps: work.steps, clip: 1 });
  return async () => {
    const images = await drawSamples(sampler, { shape: start.shape, rng: new Rng(2), start });
    const squares = mean(square(images));
    const [value = NaN] = await squares.data();
    images.dispose();
    squares.dispose();
    return value;
  };
}
