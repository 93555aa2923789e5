import type { HostData } from "@pellucid/core-train";
import { LabeledImages } from "./labeled-images.ts";

/** Pixels from 0 to 1, as torchvision's `ToTensor`: divided by the value of a full pixel, whatever that is. */
export function toFloat<Pixels extends HostData>(images: LabeledImages<Pixels>): LabeledImages<Float32Array> {
  const { data, shape } = images.images;
  if (data instanceof Float32Array) return new LabeledImages({ data, shape }, images.labels, images.info);
  const { max } = images.info;
  const floats = Float32Array.from(data, (pixel) => pixel / max);
  return new LabeledImages({ data: floats, shape }, images.labels, images.info);
}
