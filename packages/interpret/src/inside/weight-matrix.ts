import { checkArguments, sizeAlong } from "@pellucid/core-train";
import { reshape, type Tensor, type Tensor2D, tidy, transpose } from "@tensorflow/tfjs-core";

/** The weights of a layer as one picture, a row for each output unit: `[out, in]`, for a convolution `[out, height · width · in]`. */
export function weightMatrix(input: { readonly weight: Tensor }): Tensor2D {
  checkArguments("weightMatrix", { "{ weight }": { input } });
  const { weight } = input;
  return tidy(() => transpose(reshape(weight, [-1, sizeAlong(weight, -1)]) as Tensor2D));
}
