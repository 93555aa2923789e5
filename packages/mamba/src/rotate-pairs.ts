import { matMul } from "@pellucid/core-train";
import { add, cos, mul, sin, type Tensor, tensor1d, tensor2d, tidy } from "@tensorflow/tfjs-core";

/**
 * Turns the first pairs of neighboring entries, each by its angle: `(a, b) → (a cos θ − b sin θ, a sin θ + b cos θ)`. A product
 * of two rows that are turned depends on the difference of their angles alone; so angles that add up over time make a
 * state turn while it decays.
 *
 * Su et al., 2021. RoFormer. https://arxiv.org/abs/2104.09864
 *
 * @param x `[…, entry]`, of two axes at least
 * @param angles `[…, pair]`, of at most half as many pairs as there are entries; those that are left stay as they are
 */
export function rotatePairs<T extends Tensor>(x: T, angles: Tensor): T {
  const entries = x.shape.at(-1) as number;
  const pairs = angles.shape.at(-1) as number;
  // Products with matrices of 0 and ±1 take entries apart and put them together faster than slices of one number do.
  return tidy(() => {
    const both = matrix(pairs, entries, (pair, entry) => (entry >> 1 === pair ? 1 : 0));
    const turned = matrix(entries, entries, (from, to) =>
      (from ^ 1) === to && to < 2 * pairs ? (to < from ? -1 : 1) : 0,
    ); // (a, b) → (−b, a)
    const left = tensor1d(Float32Array.from({ length: entries }, (_, entry) => (entry < 2 * pairs ? 0 : 1)));
    const cosines = add(matMul(cos(angles), both), left); // [..., entry]
    return add(mul(x, cosines), mul(matMul(x, turned), matMul(sin(angles), both))) as T;
  });
}

const matrix = (rows: number, columns: number, entry: (row: number, column: number) => number) =>
  tensor2d(
    Float32Array.from({ length: rows * columns }, (_, i) => entry(Math.floor(i / columns), i % columns)),
    [rows, columns],
  );
