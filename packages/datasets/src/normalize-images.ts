import { checkArguments } from "@pellucid/core-train";
import type { HostData } from "@pellucid/core-train";
import type { LabeledImages } from "./labeled-images.ts";
import { toFloatImages } from "./to-float-images.ts";

const { fround } = Math;

/**
 * `(pixel − mean) / std` in each channel, of pixels from 0 to 1: to the bit as torchvision's `ToTensor` and `Normalize`.
 *
 * @param mean default: the dataset's own
 * @param std default: the dataset's own
 * @throws RangeError unless there is one of both for each channel
 */
export function normalizeImages<Pixels extends HostData>(
  images: LabeledImages<Pixels>,
  mean?: readonly number[],
  std?: readonly number[],
): LabeledImages<Float32Array> {
  checkArguments("normalizeImages", {
    "{ images, labels, info, length }": { images },
    "numbers?": { mean, std },
  });
  const [means, deviations] = [mean ?? images.info.mean, std ?? images.info.std];
  checkArguments("normalizeImages", { numbers: { mean: means, std: deviations } });
  const [, , channels] = images.shape;
  if (means.length !== channels || deviations.length !== channels)
    throw new RangeError(
      `normalizeImages: ${means.length} means and ${deviations.length} deviations, expected one for each of ${channels} channels.`,
    );
  const result = toFloatImages(images);
  const { data } = result.images;
  for (let channel = 0; channel < channels; channel++) {
    const [shift, scale] = [fround(means[channel] ?? NaN), fround(deviations[channel] ?? NaN)];
    for (let i = channel; i < data.length; i += channels) data[i] = fround((data[i] ?? NaN) - shift) / scale;
  }
  return result;
}
