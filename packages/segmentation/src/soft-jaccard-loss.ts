import { checkOptions } from "@pellucid/core-train";
import { add, div, mul, sub, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { type OverlapOptions, overlapOptions, readOverlap, sumPixels } from "./overlap.ts";
import { reduceOverlap } from "./reduce-overlap.ts";

/**
 * One minus the intersection over the union of predicted and true masks: `1 − (Σ p y + ε) / (Σ p + Σ y − Σ p y + ε)` of each class of each image.
 *
 * Rahman and Wang, 2016. Optimizing intersection-over-union in deep neural networks for image segmentation.
 *
 * @param input logits `[batch, …, class]`
 * @param target `[batch, …]` int32 labels, or masks of the shape of the input
 * @returns one number; unreduced `[batch, class]`, `[1, class]` over the batch
 * @throws {LabelError} for a label that is neither a class nor the ignored one
 * @throws {StructError} for what is not a tensor
 * @throws {ShapeError} if the shapes do not fit
 */
export function softJaccardLoss(input: Tensor, target: Tensor, options: OverlapOptions = {}): Tensor {
  checkOptions("softJaccardLoss", options, overlapOptions);
  const { eps = 1e-6 } = options;
  return tidy(() => {
    const { p, y } = readOverlap("softJaccardLoss", input, target, options);
    const overlap = sumPixels(mul(p, y)); //                            [batch, class]
    const union = sub(add(sumPixels(p), sumPixels(y)), overlap); //     [batch, class]
    const losses = sub(1, div(add(overlap, eps), add(union, eps))); //  [batch, class]
    return reduceOverlap("softJaccardLoss", losses, options);
  });
}
