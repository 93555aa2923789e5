import { reshape, type Tensor, type Tensor2D, tidy, transpose } from "@tensorflow/tfjs-core";

/** The weights of a layer as one picture, a row for each output unit: `[out, in]`, for a convolution `[out, height · width · in]`. */
export function weightMatrix({ weight }: { readonly weight: Tensor }): Tensor2D {
  return tidy(() => transpose(reshape(weight, [-1, weight.shape.at(-1) as number]) as Tensor2D));
}
