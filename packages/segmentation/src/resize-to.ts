import { interpolate } from "@pellucid/core-train";
import type { Tensor4D } from "@tensorflow/tfjs-core";

/**
 * Interpolates a map bilinearly to the height and width of another.
 *
 * @param map `[batch, height, width, channel]`
 * @param like `[batch, toHeight, toWidth, …]`
 * @returns `[batch, toHeight, toWidth, channel]`
 */
export function resizeTo(map: Tensor4D, like: Tensor4D, { alignCorners = false } = {}): Tensor4D {
  return interpolate(map, { size: [like.shape[1], like.shape[2]], mode: "bilinear", alignCorners });
}
