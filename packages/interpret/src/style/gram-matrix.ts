import { checkShape, matMul } from "@pellucid/core-train";
import { div, reshape, type Tensor3D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";

/**
 * Correlations between channels, whatever their position: `Fᵀ F`, over all positions.
 *
 * Gatys, Ecker and Bethge, 2015, equation 1. https://arxiv.org/abs/1505.07376
 *
 * @param features `[batch, height, width, channel]`
 * @param normalize what it is divided by: positions and channels (fast-neural-style), positions (DeepTextures), or nothing. Default: `"chw"`.
 * @returns `[batch, channel, channel]`
 */
export function gramMatrix(features: Tensor4D, normalize: "chw" | "hw" | "none" = "chw"): Tensor3D {
  checkShape("gramMatrix", "features", features, ["batch", "height", "width", "channel"]);
  return tidy(() => {
    const [batch, height, width, channels] = features.shape;
    const rows = reshape(features, [batch, height * width, channels]);
    const by = { chw: height * width * channels, hw: height * width, none: 1 }[normalize];
    return div<Tensor3D>(matMul(rows, rows, true, false), by);
  });
}
