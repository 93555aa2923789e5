import { DigitsCnn } from "@pellucid/cnn";
import { loadWeights, Rng } from "@pellucid/core-train";

/** Where the weights are: those that `npm start` has just trained, or the committed ones. */
const trained = import.meta.env["STORYBOOK_TRAINED"] as string | undefined;
const address = trained ?? new URL("./digits-cnn.safetensors", import.meta.url).href;

let net: Promise<DigitsCnn> | null = null;

/** The net that has learned the digits, loaded once. */
export function digitsNet(): Promise<DigitsCnn> {
  net ??= load();
  return net;
}

/** Gives the net other weights: a file in PyTorch's names. */
export async function useWeights(file: ArrayBuffer): Promise<void> {
  loadWeights(await digitsNet(), file);
}

async function load(): Promise<DigitsCnn> {
  const file = await fetch(address);
  const model = new DigitsCnn({ rng: new Rng(0) });
  loadWeights(model, await file.arrayBuffer());
  return model;
}
