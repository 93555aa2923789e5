import { Tensor } from "@tensorflow/tfjs-core";

/** Numbers in any form a test has them: a tensor, nested arrays, a typed array, `{ data, shape }`, one number. */
export type Numbers =
  | Tensor
  | number
  | ArrayLike<number>
  | readonly Numbers[]
  | { readonly data: ArrayLike<number> };

/** All the numbers, row-major. PyTorch's fixtures write the ones JSON lacks as `"NaN"`, `"Infinity"`, `"-Infinity"`. */
export function toNumbers(numbers: Numbers): number[] {
  if (numbers instanceof Tensor) return [...numbers.dataSync()];
  if (typeof numbers === "object" && "data" in numbers) return toNumbers(numbers.data);
  if (typeof numbers === "object") return Array.from(numbers as ArrayLike<Numbers>, toNumbers).flat();
  return [Number(numbers)];
}
