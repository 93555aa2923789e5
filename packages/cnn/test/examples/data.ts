import type { HostTensor } from "@pellucid/core-train";
import { diabetes, digits } from "@pellucid/datasets";

/** Inputs and targets. */
export interface Rows {
  readonly x: HostTensor;
  readonly y: HostTensor;
}

/** Numbers, one per row. */
export const rows = (...numbers: number[]): HostTensor => ({
  data: Float32Array.from(numbers),
  shape: [numbers.length, 1],
});

/** The first UCI digits, with pixels from 0 to 1. */
export async function digitsInOrder(count?: number): Promise<Rows> {
  const { all } = await digits();
  const length = count ?? all.length;
  const data = Float32Array.from(all.images.data.subarray(0, length * 64), (pixel) => pixel / 16);
  return {
    x: { data, shape: [length, 8, 8, 1] },
    y: { data: all.labels.data.slice(0, length), shape: [length] },
  };
}

/** Digits of MNIST's size: each pixel is repeated 3×3 times, with a margin of two zeros. */
export async function digitsOf28(): Promise<Rows> {
  const { x, y } = await digitsInOrder(200);
  const data = new Float32Array(200 * 784);
  for (let i = 0; i < data.length; i++) {
    const [row, column] = [Math.floor(i / 28) % 28, i % 28].map((at) => Math.floor((at - 2) / 3)) as [
      number,
      number,
    ];
    const isInside = row >= 0 && row < 8 && column >= 0 && column < 8;
    if (isInside) data[i] = x.data[Math.floor(i / 784) * 64 + row * 8 + column] as number;
  }
  return { x: { data, shape: [200, 28, 28, 1] }, y };
}

/** The digits 5 to 9, as classes 0 to 4. */
export async function lastFiveDigits(): Promise<Rows> {
  const { x, y } = await digitsInOrder();
  const own = [...y.data.keys()].filter((i) => (y.data[i] as number) >= 5);
  const data = Float32Array.from(own.flatMap((i) => [...x.data.subarray(i * 64, (i + 1) * 64)]));
  const labels = Int32Array.from(own, (i) => (y.data[i] as number) - 5);
  return { x: { data, shape: [own.length, 8, 8, 1] }, y: { data: labels, shape: [own.length] } };
}

/** Ten standardized features, and the standardized progression of the disease. */
export async function diabetesRows(): Promise<Rows> {
  const { all } = await diabetes();
  const x = {
    data: Float32Array.from(all.features.data, (value) => 20 * value),
    shape: all.features.shape,
  };
  return { x, y: rows(...Array.from(all.targets.data, (value) => (value - 153.74) / 77.95)) };
}
