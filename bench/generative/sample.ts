import { useBackend } from "@pellucid/backends";
import { compile, Rng } from "@pellucid/core-train";
import { ddim, drawSamples, type UnetInput } from "@pellucid/generative";
import { mean, square } from "@tensorflow/tfjs-core";
import type { Step } from "../contestant.ts";
import { noise, smallDiffusion, work } from "./work.ts";

/**
 * Draws from given noise, and says the mean square of the pixels.
 *
 * @param backend `wasm`, or `wasm compiled`
 */
export async function prepare(backend: string): Promise<Step> {
  await useBackend({ only: "wasm" });
  const { net, diffusion } = smallDiffusion();
  const start = noise(1);
  const forward = compile((input: UnetInput) => net.forward(input));
  await forward.ready;
  const how = { solver: ddim(), steps: work.steps, clip: 1 };
  const sampler = diffusion.sampler({ ...how, ...(backend.endsWith("compiled") && { forward }) });
  return async () => {
    const images = await drawSamples(sampler, { shape: start.shape, rng: new Rng(2), start });
    const squares = mean(square(images));
    const [value = NaN] = await squares.data();
    images.dispose();
    squares.dispose();
    return value;
  };
}
