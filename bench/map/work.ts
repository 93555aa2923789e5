import { digits, toFloatImages } from "@pellucid/datasets";

/** All digits, `[1797][64]`, from 0 to 1. */
export async function points(): Promise<Float32Array[]> {
  const { data } = toFloatImages((await digits()).all).images;
  return Array.from({ length: 1797 }, (_, i) => data.slice(64 * i, 64 * i + 64));
}

export const perplexity = 30;
