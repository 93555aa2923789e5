import { checkArguments } from "@pellucid/core-train";
import type { HostData } from "@pellucid/core-train";
import { LabeledImages } from "./labeled-images.ts";

/** Pixels from 0 to 1, as torchvision's `ToTensor`: divided by the value of a full pixel, whatever that is. */
export function toFloatImages<Pixels extends HostData>(
  images: LabeledImages<Pixels>,
): LabeledImages<Float32Array> {
  checkArguments("toFloatImages", { "{ images, labels, info, length }": { images } });
  const { data, shape } = images.images;
  const floats = new Float32Array(data.length);
  const divisor = data instanceof Float32Array ? 1 : images.info.max;
  for (let i = 0; i < data.length; i++) floats[i] = (data[i] ?? NaN) / divisor;
  return new LabeledImages({ data: floats, shape }, images.labels, images.info);
}
