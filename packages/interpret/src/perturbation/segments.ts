import { type HostTensor, OptionError } from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";

/** Which inputs are seen or hidden together: numbers from 0 on, in the shape of one example; an axis of 1 stands for all. */
export type Segments = HostTensor<Int32Array>;

/**
 * The segments of an input; of a structure one for each float tensor, in the order of its fields. What has the same number is seen or hidden
 * together, in several tensors too.
 */
export type SegmentsOf<X> = X extends Tensor ? Segments : readonly Segments[];

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
