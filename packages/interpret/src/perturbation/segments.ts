import { checkShape, type HostTensor, OptionError } from "@pellucid/core-train";
import { type Tensor, tensor } from "@tensorflow/tfjs-core";

/** Which inputs are seen or hidden together: numbers from 0 on, in the shape of one example; an axis of 1 stands for all. */
export type Segments = HostTensor<Int32Array>;

/** A grid of rectangles over an image: `[height, width, 1]`, numbered row by row. */
export function gridSegments(height: number, width: number, rows: number, columns = rows): Segments {
  for (const [name, count, size] of [
    ["rows", rows, height],
    ["columns", columns, width],
  ] as const) {
    if (Number.isInteger(count) && count >= 1 && count <= size) continue;
    throw new OptionError("gridSegments", name, count, `1 to ${size}`);
  }
  const data = Int32Array.from({ length: height * width }, (_, i) => {
    const row = Math.floor((Math.floor(i / width) * rows) / height);
    return row * columns + Math.floor(((i % width) * columns) / width);
  });
  return { data, shape: [height, width, 1] };
}

/** Every input by itself. */
export function eachInput(x: Tensor): Segments {
  const shape = x.shape.slice(1);
  return { data: Int32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i), shape };
}

/** How many there are. */
export function countSegments(caller: string, segments: Segments, x: Tensor): number {
  const stand = tensor(segments.data, [...segments.shape]);
  const expected = x.shape.slice(1).map((size, i) => (segments.shape[i] === 1 ? 1 : size));
  try {
    checkShape(caller, "segments", stand, expected);
  } finally {
    stand.dispose();
  }
  return segments.data.reduce((largest, label) => Math.max(largest, label), -1) + 1;
}
