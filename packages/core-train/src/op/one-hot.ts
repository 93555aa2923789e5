import { cast, equal, expandDims, oneHot as bits, type Tensor, tidy } from "@tensorflow/tfjs-core";

/**
 * A 1 at each label and zeros elsewhere, as `torch.nn.functional.one_hot`, but float32.
 *
 * @param labels `[...]`, int32; a label outside of the classes gives zeros
 * @returns `[..., class]`
 */
export function oneHot<T extends Tensor>(labels: Tensor, numClasses: number): T {
  return tidy(() => {
    const indices = cast(labels, "int32");
    // tfjs' own refuses a single class, and makes integers; of floats it gives wrong bits on WASM.
    const hot = numClasses < 2 ? equal(expandDims(indices, -1), 0) : bits(indices, numClasses);
    return cast(hot, "float32");
  }) as T;
}
