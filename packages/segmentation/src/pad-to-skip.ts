import { checkShape, pad } from "@pellucid/core-train";
import type { Tensor4D } from "@tensorflow/tfjs-core";

/**
 * Pads a decoder's map with zeros to the height and width of the encoder's that it will be joined with: `⌊d / 2⌋` before and the rest
 * after, where `d` is the difference of the sizes. A map that is larger is cropped likewise. Sizes differ where a pooling rounded down.
 *
 * @param up `[batch, height, width, channel]`
 * @param skip `[batch, skipHeight, skipWidth, …]`
 * @returns `[batch, skipHeight, skipWidth, channel]`
 * @throws {StructError} for what is not a tensor
 * @throws {ShapeError} for another number of axes, or of images
 */
export function padToSkip(up: Tensor4D, skip: Tensor4D): Tensor4D {
  checkShape("padToSkip", "up", up, ["batch", "height", "width", "channel"]);
  checkShape("padToSkip", "skip", skip, [up.shape[0], "height", "width", "channel"]);
  return pad(up, [[0, 0], around(up.shape[1], skip.shape[1]), around(up.shape[2], skip.shape[2]), [0, 0]]);
}

function around(from: number, to: number): [before: number, after: number] {
  const before = Math.floor((to - from) / 2);
  return [before, to - from - before];
}
