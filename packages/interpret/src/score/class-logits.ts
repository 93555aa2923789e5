import { concat, type Tensor, type Tensor2D, zerosLike } from "@tensorflow/tfjs-core";

/** Logits of at least two classes, `[batch, class]`: a single logit `z` of a binary classifier is `(0, z)`. To be called in a `tidy`. */
export function classLogits(logits: Tensor): Tensor {
  return logits.rank === 2 && logits.shape[1] === 1
    ? concat([zerosLike(logits), logits] as [Tensor2D, Tensor2D], 1)
    : logits;
}
