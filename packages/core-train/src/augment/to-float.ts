/** Bytes, 0 to 255, as numbers from 0 to 1, as torchvision's `to_dtype(float32, scale=True)`. Of any shape. */
export function toFloat<Shape extends readonly number[]>({
  data,
  shape,
}: {
  readonly data: Uint8Array;
  readonly shape: Shape;
}): { readonly data: Float32Array; readonly shape: Shape } {
  return { data: Float32Array.from(data, (byte) => byte / 255), shape };
}
