import { cast, equal, expandDims, range, type Tensor, tidy } from "@tensorflow/tfjs-core";

/**
 * A 1 at each label and zeros elsewhere, as `torch.nn.functional.one_hot`, but float32.
 *
 * @param labels `[...]`, int32; a label outside of the classes gives zeros
 * @returns `[..., class]`
 */
export function oneHot<T extends Tensor>(labels: Tensor, numClasses: number): T {
  return tidy(() => {
    const classes = range(0, numClasses, 1, "int32");
    return cast(equal(expandDims(cast(labels, "int32"), -1), classes), "float32");
  }) as T;
}
