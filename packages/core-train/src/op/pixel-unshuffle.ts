import { reshape, type Tensor4D, tidy, transpose, zeros } from "@tensorflow/tfjs-core";
import { checkShape, ShapeError } from "../shape-error.ts";
import { perAxis } from "./per-axis.ts";

/**
 * Turns pixels into channels, as `torch.nn.functional.pixel_unshuffle`: the inverse of {@link pixelShuffle}.
 *
 * @param x `[batch, height r, width r, channel]`
 * @returns `[batch, height, width, channel r²]`
 */
export function pixelUnshuffle(x: Tensor4D, downscaleFactor: number): Tensor4D {
  perAxis("pixelUnshuffle", "downscaleFactor", downscaleFactor, 1, 1);
  checkShape("pixelUnshuffle", "x", x, ["batch", "height", "width", "channel"]);
  const [batch, rows, columns, channels] = x.shape;
  const r = downscaleFactor;
  const [height, width] = [rows / r, columns / r];
  if (!Number.isInteger(height) || !Number.isInteger(width)) {
    throw new ShapeError(
      `pixelUnshuffle: x is [${x.shape.join(", ")}], expected a height and a width divisible by downscaleFactor (${r}).`,
    );
  }
  return tidy(() => {
    if (x.size === 0) return zeros([batch, height, width, channels * r * r]); // WASM cannot transpose an empty tensor
    const blocks = reshape(x, [batch, height, r, width, r, channels]);
    const apart = transpose(blocks, [0, 1, 3, 5, 2, 4]); //                [batch, height, width, channel, r, r]
    return reshape(apart, [batch, height, width, channels * r * r]);
  });
}
