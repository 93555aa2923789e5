import { reshape, type Tensor4D, tidy, transpose, zeros } from "@tensorflow/tfjs-core";
import { checkShape, ShapeError } from "../shape-error.ts";
import { perAxis } from "./per-axis.ts";

/**
 * Turns channels into pixels, as `torch.nn.functional.pixel_shuffle`: channel `c r² + i r + j` becomes row `i` and column `j`
 * of a block of channel `c`. Shi et al., 2016. https://arxiv.org/abs/1609.05158
 *
 * @param x `[batch, height, width, channel r²]`
 * @returns `[batch, height r, width r, channel]`
 */
export function pixelShuffle(x: Tensor4D, upscaleFactor: number): Tensor4D {
  perAxis("pixelShuffle", "upscaleFactor", upscaleFactor, 1, 1);
  checkShape("pixelShuffle", "x", x, ["batch", "height", "width", "channel"]);
  const [batch, height, width, all] = x.shape;
  const r = upscaleFactor;
  const channels = all / (r * r);
  if (!Number.isInteger(channels)) {
    throw new ShapeError(
      `pixelShuffle: x is [${x.shape.join(", ")}], expected a number of channels divisible by upscaleFactor² (${r * r}).`,
    );
  }
  return tidy(() => {
    if (x.size === 0) return zeros([batch, height * r, width * r, channels]); // WASM cannot transpose an empty tensor
    const blocks = reshape(x, [batch, height, width, channels, r, r]);
    const rows = transpose(blocks, [0, 1, 4, 2, 5, 3]); //                 [batch, height, r, width, r, channel]
    return reshape(rows, [batch, height * r, width * r, channels]);
  });
}
