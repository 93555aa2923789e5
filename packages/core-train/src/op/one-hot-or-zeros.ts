import { cast, equal, expandDims, oneHot as bits, type Tensor, tidy } from "@tensorflow/tfjs-core";

/** {@link oneHot} of labels that may be ignored: one outside of the classes gives zeros. */
export function oneHotOrZeros<T extends Tensor>(labels: Tensor, numClasses: number): T {
  return tidy(() => {
    const indices = cast(labels, "int32");
    // tfjs' own refuses a single class, and makes integers; of floats it gives wrong bits on WASM.
    const hot = numClasses < 2 ? equal(expandDims(indices, -1), 0) : bits(indices, numClasses);
    return cast(hot, "float32");
  }) as T;
}
