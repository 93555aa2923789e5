import { checkRecord } from "../check-record.ts";

/** Bytes, 0 to 255, as numbers from 0 to 1, as torchvision's `to_dtype(float32, scale=True)`. Of any shape. */
export function toFloat<Shape extends readonly number[]>(image: {
  readonly data: Uint8Array;
  readonly shape: Shape;
}): { readonly data: Float32Array; readonly shape: Shape } {
  checkRecord("toFloat", "image", image, ["data", "shape"]);
  return { data: Float32Array.from(image.data, (byte) => byte / 255), shape: image.shape };
}
