import { checkArguments, checkPositive } from "@pellucid/core-train";
import { type BoxArray, checkBoxArray } from "../anchors/box-array.ts";

const { abs, fround, max, min } = Math;

/**
 * The object of each position, −1 for the background: the smallest object that holds it, near whose center it is, and whose farthest edge is within the range of its map; in 32 bits as torchvision's
 * FCOS.
 *
 * Tian et al., 2019. FCOS, section 3.2. https://arxiv.org/abs/1904.01355
 *
 * @param anchors of each map, one per position, as large as its stride
 * @param radius of the center of an object, in strides
 * @throws {StructError} for what is not boxes
 * @throws {OptionError} for a radius of 0 or below
 */
export function fcosMatch(objects: BoxArray, anchors: readonly BoxArray[], radius: number): Int32Array {
  checkBoxArray("fcosMatch", "objects", objects);
  checkArguments("fcosMatch", { "{ data, shape }[]": { anchors } });
  checkPositive("fcosMatch", { radius });
  const areas = Array.from({ length: objects.data.length / 4 }, (_, i) => {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = objects.data.subarray(4 * i, 4 * i + 4);
    return fround(fround(x2 - x1) * fround(y2 - y1));
  });
  const matches = anchors.map(({ data }, level) =>
    Int32Array.from({ length: data.length / 4 }, (_, position) => {
      const [left = 0, top = 0, right = 0, bottom = 0] = data.subarray(4 * position, 4 * position + 4);
      const x = fround(fround(left + right) / 2);
      const y = fround(fround(top + bottom) / 2);
      const size = fround(right - left);
      const low = level === 0 ? 0 : fround(size * 4);
      const high = level === anchors.length - 1 ? Infinity : fround(size * 8);
      let best = -1;
      let bestValue = fround(1e-5);
      for (const [object, area] of areas.entries()) {
        const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = objects.data.subarray(4 * object, 4 * object + 4);
        const across = abs(fround(x - fround(fround(x1 + x2) / 2)));
        const down = abs(fround(y - fround(fround(y1 + y2) / 2)));
        const edges = [x - x1, y - y1, x2 - x, y2 - y].map(fround);
        const farthest = max(...edges);
        const isInside = max(across, down) < fround(fround(radius) * size) && min(...edges) > 0;
        const value = isInside && farthest > low && farthest < high ? fround(1e8 - area) : 0;
        if (best < 0 ? value >= bestValue : value > bestValue) [best, bestValue] = [object, value];
      }
      return best;
    }),
  );
  return Int32Array.from(matches.flatMap((level) => [...level]));
}
