import { checkArguments, checkOptions, checkShape, type Layer, OptionError } from "@pellucid/core-train";
import {
  mul,
  reshape,
  slice,
  sum,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";
import type { Score } from "./score.ts";

/** Options for {@link pixelScore}. */
export interface PixelScoreOptions {
  /** `[height, width]`: how much each pixel counts, such as 1 for those of one object. Borrowed, for as long as the score is used. Default: all 1. */
  readonly mask?: Tensor2D;
}

/**
 * What a segmentation model says of a class at some pixels: the sum of its logits there.
 * Vinogradova, Dibrov and Myers, 2020, equation 3. https://arxiv.org/abs/2002.11434
 *
 * @param model from `[batch, height, width, channel]` to logits `[batch, height, width, class]`
 */
export function pixelScore(
  model: Layer<Tensor4D, Tensor4D>,
  target: number,
  options: PixelScoreOptions = {},
): Score {
  checkArguments("pixelScore", { "{ forward }": { model } });
  checkOptions("pixelScore", options, ["mask"]);
  const { mask } = options;
  return (x) =>
    tidy(() => {
      const logits = model.forward(x); // [batch, height, width, class]
      checkShape("pixelScore", "the model's output", logits, ["batch", "height", "width", "class"]);
      const [batch, height, width, classes] = logits.shape;
      if (!(Number.isInteger(target) && target >= 0 && target < classes))
        throw new OptionError("pixelScore", "target", target, `a class from 0 to ${classes - 1}`);
      const own = reshape(slice(logits, [0, 0, 0, target], [batch, height, width, 1]), [
        batch,
        height * width,
      ]);
      if (mask === undefined) return sum(own, 1) as Tensor1D; // [batch]
      checkShape("pixelScore", "mask", mask, [height, width]);
      return sum(mul(own, reshape(mask, [1, height * width])), 1) as Tensor1D; // [batch]
    });
}
