import { type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import type { Subject } from "./subject.ts";

/** The first pictures that a net has not seen in training: `[count, height, width, color]`, and their classes. */
export async function firstUnseen(
  { unseen, shape }: Subject,
  count: number,
): Promise<{ readonly images: Tensor4D; readonly labels: number[]; readonly data: Float32Array }> {
  const { x, y } = (await unseen()).gather(Int32Array.from({ length: count }, (_, i) => i));
  return { images: tensor4d(x.data, [count, ...shape]), labels: Array.from(y.data), data: x.data };
}
