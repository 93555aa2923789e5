import { checkOptions, checkProbabilities, checkSizes, type HostTensor } from "@pellucid/core-train";
import { anchorGrid, type AnchorMap } from "./anchor-grid.ts";
import { sizeIou } from "./anchors-by-k-means.ts";
import { type HostObjects, objectsOf } from "./host-objects.ts";

/** What the anchors of an image are asked for. */
export interface AnchorTargetOptions {
  readonly numClasses: number;
  /** Of the image: height and width in pixels. */
  readonly imageSize: readonly [height: number, width: number];
  /** The maps of the detector, in its order. */
  readonly maps: readonly AnchorMap[];
  /** An anchor of the object's cell that is not the best but overlaps it by more counts neither way. Default: 1, so that each other one should find nothing. */
  readonly ignoreThreshold?: number;
}

/**
 * The label of each anchor: `[counts, object, x, y, t_w, t_h, c_1, …]`. Each object belongs to the anchor whose shape has the highest IoU with it, around the same center, at the cell in which its center
 * is; `x` and `y` are the center within the cell, `t_w` and `t_h` the logarithm of its size over the anchor's. So that two objects of different shapes may share a cell.
 * Redmon and Farhadi, 2018, section 2.1. https://arxiv.org/abs/1804.02767
 *
 * @returns `[anchor, 6 + class]`
 * @throws {StructError} for what is not boxes and labels
 * @throws {OptionError} for a wrong option
 * @throws {LabelError} for a class that does not exist
 */
export function anchorTarget(objects: HostObjects, options: AnchorTargetOptions): HostTensor<Float32Array> {
  checkOptions("anchorTarget", options, ["numClasses", "imageSize", "maps", "ignoreThreshold"]);
  const { numClasses, imageSize, maps, ignoreThreshold = 1 } = options;
  checkSizes("anchorTarget", { numClasses });
  checkProbabilities("anchorTarget", { ignoreThreshold });
  const { cells, sizes } = anchorGrid("anchorTarget", imageSize, maps);
  const row = 6 + numClasses;
  const data = new Float32Array(cells.length * row);
  for (let a = 0; a < cells.length; a++) data[a * row] = 1;
  for (const { x, y, width, height, label } of objectsOf("anchorTarget", objects, numClasses)) {
    const owners = [...cells.keys()].filter((a) => {
      const [left, top, stride] = cells[a] as readonly [number, number, number];
      return x >= left && x < left + stride && y >= top && y < top + stride;
    });
    const overlap = (a: number) => sizeIou([width, height], sizes[a] as readonly [number, number]);
    const best = owners.toSorted((a, b) => overlap(b) - overlap(a) || a - b)[0];
    for (const a of owners)
      if (a !== best && data[a * row + 1] === 0 && overlap(a) > ignoreThreshold) data[a * row] = 0;
    if (best === undefined || data[best * row + 1] === 1) continue;
    const [left, top, stride] = cells[best] as readonly [number, number, number];
    const [anchorWidth, anchorHeight] = sizes[best] as readonly [number, number];
    const logs = [Math.log(width / anchorWidth), Math.log(height / anchorHeight)];
    data.set([1, 1, (x - left) / stride, (y - top) / stride, ...logs], best * row);
    data[best * row + 6 + label] = 1;
  }
  return { data, shape: [cells.length, row] };
}
