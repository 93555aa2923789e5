import type { HostTensor } from "@pellucid/core-train";
import { type BoxArray, checkBoxArray } from "./box-array.ts";

const { fround, max, min } = Math;

/**
 * The intersection over union of each pair, `[n, m]`, in 32 bits as torchvision's `box_iou`: NaN for two boxes without any area.
 *
 * @throws {StructError} for what is not boxes
 * @throws {ShapeError} unless they are `[box, 4]`
 */
export function iouMatrix(boxes1: BoxArray, boxes2: BoxArray): HostTensor<Float32Array> {
  checkBoxArray("iouMatrix", "boxes1", boxes1);
  checkBoxArray("iouMatrix", "boxes2", boxes2);
  const [n, m] = [boxes1.data.length / 4, boxes2.data.length / 4];
  const data = new Float32Array(n * m);
  const areas = areasOf(boxes2.data);
  for (let i = 0; i < n; i++) {
    const area = areasOf(boxes1.data.subarray(4 * i, 4 * i + 4))[0] ?? NaN;
    for (let j = 0; j < m; j++) {
      const intersection = intersectionOf(boxes1.data, 4 * i, boxes2.data, 4 * j);
      data[i * m + j] = intersection / fround(fround(area + (areas[j] ?? NaN)) - intersection);
    }
  }
  return { data, shape: [n, m] };
}

/** The area of each box. */
export function areasOf(boxes: Float32Array): Float32Array {
  return Float32Array.from({ length: boxes.length / 4 }, (_, i) => {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = boxes.subarray(4 * i, 4 * i + 4);
    return fround(x2 - x1) * fround(y2 - y1);
  });
}

/** The area that the boxes which start at `i` of `a` and at `j` of `b` share. */
export function intersectionOf(a: Float32Array, i: number, b: Float32Array, j: number): number {
  const width = min(a[i + 2] ?? NaN, b[j + 2] ?? NaN) - max(a[i] ?? NaN, b[j] ?? NaN);
  const height = min(a[i + 3] ?? NaN, b[j + 3] ?? NaN) - max(a[i + 1] ?? NaN, b[j + 1] ?? NaN);
  return width > 0 && height > 0 ? fround(fround(width) * fround(height)) : 0;
}
