import { checkArguments } from "@pellucid/core-train";
import type { Conv2d } from "@pellucid/core-train";
import { type Tensor4D, tidy, transpose } from "@tensorflow/tfjs-core";

/**
 * The filters of a convolution as images, one per output channel: `conv.weight.permute(0, 2, 3, 1)` in PyTorch. The values are the
 * weights themselves, not scaled to 0 … 1.
 *
 * @returns `[out, height, width, in / groups]`
 */
export function filterImages(input: Pick<Conv2d, "weight">): Tensor4D {
  checkArguments("filterImages", { "{ weight }": { input } });
  const { weight } = input;
  return tidy(() => transpose(weight as Tensor4D, [3, 0, 1, 2])); // weight: [height, width, in / groups, out]
}
