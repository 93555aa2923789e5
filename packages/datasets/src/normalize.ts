import type { HostData } from "@pellucid/core-train";
import { LabeledImages } from "./labeled-images.ts";
import { toFloat } from "./to-float.ts";

const { fround } = Math;

/**
 * `(pixel − mean) / std` in each channel, of pixels from 0 to 1: to the bit as torchvision's `ToTensor` and `Normalize`.
 *
 * @param mean default: the dataset's own
 * @param std default: the dataset's own
 */
export function normalize<Pixels extends HostData>(
  images: LabeledImages<Pixels>,
  mean: readonly number[] = images.info.mean,
  std: readonly number[] = images.info.std,
): LabeledImages<Float32Array> {
  const channels = images.shape.at(-1) as number;
  if (mean.length !== channels || std.length !== channels)
    throw new RangeError(
      `normalize: ${mean.length} means and ${std.length} deviations, expected one for each of ${channels} channels.`,
    );
  const floats = toFloat(images).images;
  const means = mean.map(fround);
  const stds = std.map(fround);
  const data = floats.data.map((pixel, i) => {
    const channel = i % channels;
    return fround(pixel - (means[channel] as number)) / (stds[channel] as number);
  });
  return new LabeledImages({ data, shape: floats.shape }, images.labels, images.info);
}
