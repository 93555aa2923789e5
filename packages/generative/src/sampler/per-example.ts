import { type Tensor, tensor } from "@tensorflow/tfjs-core";

/** One number per example, shaped to multiply a batch: `[batch, 1, ...]`. */
export function perExample(values: readonly number[], rank: number): Tensor {
  return tensor(
    Float32Array.from(values),
    [values.length, ...new Array<number>(rank - 1).fill(1)],
    "float32",
  );
}
