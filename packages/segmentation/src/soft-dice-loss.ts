import { checkOptions } from "@pellucid/core-train";
import { add, div, mul, sub, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { type OverlapOptions, overlapOptions, readOverlap, sumPixels } from "./overlap.ts";
import { reduceOverlap } from "./reduce-overlap.ts";

/**
 * How little predicted and true masks overlap: `1 − (2 Σ p y + ε) / (Σ p + Σ y + ε)` of each class of each image.
 *
 * The core's `diceLoss` from logits and labels, with pixels to ignore, and over the whole batch if asked for. Two empty masks have a loss of 0. Milletari et al., 2016, section 3, without its squares. https://arxiv.org/abs/1606.04797
 *
 * @param input logits `[batch, …, class]`
 * @param target `[batch, …]` int32 labels, or masks of the shape of the input
 * @returns one number; unreduced `[batch, class]`, `[1, class]` over the batch
 * @throws {LabelError} for a label that is neither a class nor the ignored one
 * @throws {StructError} for what is not a tensor
 * @throws {ShapeError} if the shapes do not fit
 */
export function softDiceLoss(input: Tensor, target: Tensor, options: OverlapOptions = {}): Tensor {
  checkOptions("softDiceLoss", options, overlapOptions);
  const { eps = 1e-6 } = options;
  return tidy(() => {
    const { p, y } = readOverlap("softDiceLoss", input, target, options);
    const overlap = mul(2, sumPixels(mul(p, y))); //                   [batch, class]
    const size = add(sumPixels(p), sumPixels(y)); //                   [batch, class]
    const losses = sub(1, div(add(overlap, eps), add(size, eps))); //  [batch, class]
    return reduceOverlap("softDiceLoss", losses, options);
  });
}
