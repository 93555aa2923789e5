import { type Tensor } from "@tensorflow/tfjs-core";
import { expect } from "vitest";

/** The largest difference of two tensors of one shape. */
export function apart(a: Tensor, b: Tensor): number {
  expect(a.shape).toEqual(b.shape);
  const [x, y] = [a.dataSync(), b.dataSync()];
  return Math.max(...Array.from(x, (value, i) => Math.abs(value - (y[i] as number))));
}
