import { greater, pow, relu, type Tensor, where, zerosLike } from "@tensorflow/tfjs-core";

/** `total^(1/p)`, and 0 with gradient 0 where the total is not above 0. */
export function lpRoot<T extends Tensor>(total: T, p: number): T {
  const positive = relu(total);
  const isPositive = greater(positive, 0);
  // The root is taken of a 1 where the sum is 0: its derivative there is infinite.
  return where(isPositive, pow(where(isPositive, positive, 1), 1 / p), zerosLike(positive)) as T;
}
