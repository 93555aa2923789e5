import type { HostTensor } from "@pellucid/core-train";
import type { BoxArray } from "../anchors/box-array.ts";

const { fround } = Math;

/** The position of each region's keypoints in a heatmap, row by row; −1 for those outside of the region or not visible. */
export function keypointsToHeatmap(
  keypoints: HostTensor,
  objects: Int32Array,
  boxes: BoxArray,
  heatmapSize: number,
): Int32Array {
  const [, count = 0] = keypoints.shape;
  const positions = new Int32Array(objects.length * count);
  for (const [region, object] of objects.entries()) {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = boxes.data.subarray(4 * region, 4 * region + 4);
    const cell = (at: number, low: number, high: number): number =>
      at === high
        ? heatmapSize - 1
        : Math.floor(fround(fround(at - low) * fround(fround(1 / fround(high - low)) * heatmapSize)));
    for (let k = 0; k < count; k++) {
      const from = (object * count + k) * 3;
      const [px = 0, py = 0, visibility = 0] = keypoints.data.subarray(from, from + 3);
      const [x, y] = [cell(px, x1, x2), cell(py, y1, y2)];
      const isInside = x >= 0 && y >= 0 && x < heatmapSize && y < heatmapSize;
      positions[region * count + k] = isInside && visibility > 0 ? y * heatmapSize + x : -1;
    }
  }
  return positions;
}
