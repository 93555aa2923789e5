import { digits, toFloatImages } from "@pellucid/datasets";

/** Unseen digits of 8 × 8 pixels: their values from 0 to 1, and what they are. */
export interface DigitSamples {
  readonly count: number;
  readonly pixels: Float32Array;
  readonly labels: Int32Array;
  /** For each of the ten digits, the index of one sample. */
  readonly oneOfEach: readonly number[];
}

/** The first unseen digits of UCI's data. */
export async function digitSamples(count: number): Promise<DigitSamples> {
  const { test } = await digits();
  const images = toFloatImages(test);
  const pixels = new Float32Array(64 * count);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const { x, y } = images.get(i);
    pixels.set(x.data, 64 * i);
    labels[i] = Number(y);
  }
  const oneOfEach = Array.from({ length: 10 }, (_, c) => labels.indexOf(c));
  return { count, pixels, labels, oneOfEach };
}
