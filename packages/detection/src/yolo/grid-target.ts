import { checkOptions, checkSizeArray, checkSizes, type HostTensor } from "@pellucid/core-train";
import { type HostObjects, objectsOf } from "./host-objects.ts";

/** What the cells of a grid are asked for. */
export interface GridTargetOptions {
  readonly numClasses: number;
  /** Of the image: height and width in pixels. */
  readonly imageSize: readonly [height: number, width: number];
  /** Rows and columns of the grid. */
  readonly grid: readonly [rows: number, columns: number];
}

/**
 * The label of each cell of a grid: `[p_c, b_x, b_y, b_h, b_w, c_1, …]`. The cell in which an object's center is owns it: `p_c` is 1, `b_x` and `b_y` are the center from 0 to 1 within the cell,
 * `b_h` and `b_w` the size in cells, which may exceed 1. A cell owns one object: of several the first. An object whose center is outside the image is left out.
 * Redmon et al., 2016, section 2. https://arxiv.org/abs/1506.02640
 *
 * @returns `[row, column, 5 + class]`
 * @throws {StructError} for what is not boxes and labels
 * @throws {OptionError} for a wrong option
 * @throws {LabelError} for a class that does not exist
 */
export function gridTarget(objects: HostObjects, options: GridTargetOptions): HostTensor<Float32Array> {
  checkOptions("gridTarget", options, ["numClasses", "imageSize", "grid"]);
  const { numClasses, imageSize, grid } = options;
  checkSizeArray("gridTarget", "imageSize", imageSize, 2);
  checkSizeArray("gridTarget", "grid", grid, 2);
  checkSizes("gridTarget", { numClasses });
  const [[height, width], [rows, columns]] = [imageSize, grid];
  const size = 5 + numClasses;
  const data = new Float32Array(rows * columns * size);
  for (const object of objectsOf("gridTarget", objects, numClasses)) {
    const [x, y] = [(object.x / width) * columns, (object.y / height) * rows];
    const [column, row] = [Math.floor(x), Math.floor(y)];
    const at = (row * columns + column) * size;
    if (!(column >= 0 && column < columns && row >= 0 && row < rows) || data[at] === 1) continue;
    const sides = [(object.height / height) * rows, (object.width / width) * columns];
    data.set([1, x - column, y - row, ...sides], at);
    data[at + 5 + object.label] = 1;
  }
  return { data, shape: [rows, columns, size] };
}
