import { sizeOf } from "@pellucid/core-train";
import { type Tensor, tensor } from "@tensorflow/tfjs-core";

/** `n` numbers in [−1/2, 1/2) that depend on `k` only: the Python side makes them by the same formula. */
export const hashed = (n: number, k: number): Float64Array =>
  Float64Array.from(
    { length: n },
    (_, i) => ((Math.imul(i, 2_654_435_761) + k * 40_503 + 12_345) >>> 0) / 2 ** 32 - 0.5,
  );

/** A tensor of such numbers. */
export const hashedTensor = <T extends Tensor>(
  shape: readonly number[],
  k: number,
  change = (x: number) => x,
): T => tensor(Float32Array.from(hashed(sizeOf(shape), k), change), [...shape]) as T;
