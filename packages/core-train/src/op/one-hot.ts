import type { Tensor } from "@tensorflow/tfjs-core";
import { checkOnHost } from "../compile/check-on-host.ts";
import { checkTensor } from "../check-tensor.ts";
import { checkSizes } from "../check-values.ts";
import { IndexError } from "../index-error.ts";
import { oneHotOrZeros } from "./one-hot-or-zeros.ts";

/**
 * A 1 at each label and zeros elsewhere, as `torch.nn.functional.one_hot`, but float32.
 *
 * @param labels `[...]`, int32
 * @returns `[..., class]`
 * @throws IndexError for a label outside of the classes. On a GPU, where reading the labels would wait for it, such a label gives zeros.
 */
export function oneHot<T extends Tensor>(labels: Tensor, numClasses: number): T {
  checkTensor("oneHot", "labels", labels);
  checkSizes("oneHot", { numClasses }, 0);
  checkOnHost(labels, (values) => {
    for (let i = 0; i < values.length; i++) {
      const label = values[i] ?? NaN;
      if (label >= 0 && label < numClasses) continue;
      throw new IndexError(
        `oneHot: a label is ${label}, expected 0 to ${numClasses - 1}. Pass more classes, or correct the labels.`,
      );
    }
  });
  return oneHotOrZeros(labels, numClasses);
}
