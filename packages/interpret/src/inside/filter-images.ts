import type { Conv2d } from "@pellucid/core-train";
import { type Tensor4D, tidy, transpose } from "@tensorflow/tfjs-core";

/** A convolution's filters, one picture for each output channel: `[out, height, width, in]`, raw and signed. */
export function filterImages({ weight }: Pick<Conv2d, "weight">): Tensor4D {
  return tidy(() => transpose(weight as Tensor4D, [3, 0, 1, 2]));
}
