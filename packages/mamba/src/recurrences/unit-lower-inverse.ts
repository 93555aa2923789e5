import { matMul } from "@pellucid/core-train";
import { eye, mul, sub, type Tensor4D, tensor2d, tidy } from "@tensorflow/tfjs-core";

/**
 * The inverse of `I + L` for strictly lower triangular matrices, by blocks that double: the inverse of `[[P, 0], [R, Q]]` has
 * `−Q⁻¹ R P⁻¹` in its lower left. As stable as forward substitution, in `2 log₂ n` products.
 *
 * @param lower `[…, n, n]`; entries on and above the diagonal do not count
 * @returns the same shape
 */
export function unitLowerInverse(lower: Tensor4D): Tensor4D {
  const size = lower.shape[3];
  return tidy(() => {
    let inverse: Tensor4D = sub(eye(size), mul<Tensor4D>(lower, 0)); // every matrix the identity
    for (let block = 1; block < size; block *= 2) {
      const corner = mul<Tensor4D>(lower, lowerLeft(size, block));
      inverse = sub(inverse, matMul(matMul(inverse, corner), inverse));
    }
    return inverse;
  });
}

/** 1 in the lower left quarter of each diagonal block of `2 block` rows. */
function lowerLeft(size: number, block: number) {
  const values = Float32Array.from({ length: size * size }, (_, at) => {
    const [row, column] = [Math.floor(at / size / block), Math.floor((at % size) / block)];
    return row % 2 === 1 && column === row - 1 ? 1 : 0;
  });
  return tensor2d(values, [size, size]);
}
