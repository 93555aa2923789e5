import { useBackend } from "@pellucid/backends";
import { Rng } from "@pellucid/core-train";
import { Vae } from "@pellucid/generative";
import { mean, sigmoid, tensor2d, tidy } from "@tensorflow/tfjs-core";
import type { Step } from "../contestant.ts";

/** Decodes the same codes, and says the mean of the pixels. */
export async function prepare(): Promise<Step> {
  await useBackend({ only: "wasm" });
  const vae = new Vae(784, { rng: new Rng(0), hiddenFeatures: 400, latentFeatures: 20 });
  const codes = tensor2d(new Rng(1).randn([1000, 20]).data, [1000, 20]);
  return async () => {
    const brightness = tidy(() => mean(sigmoid(vae.decode(codes))));
    const [value = NaN] = await brightness.data();
    brightness.dispose();
    return value;
  };
}
