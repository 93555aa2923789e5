import { checkSizeArray } from "@pellucid/core-train";

/** The cells of grids, the finest grid first, row by row. */
export interface GridCells {
  /** `x, y` of the upper left corner of each cell, in pixels. */
  readonly corners: Float32Array;
  /** `x, y` of its center. */
  readonly centers: Float32Array;
  /** Its side. */
  readonly stride: Float32Array;
}

/** The cells of the feature maps of an image, whose sides are those of the image over the stride, rounded up. */
export function gridCenters(
  size: readonly [height: number, width: number],
  strides: readonly number[],
): GridCells {
  checkSizeArray("gridCenters", "size", size, 2);
  checkSizeArray("gridCenters", "strides", strides);
  const [height, width] = size;
  const cells = strides.flatMap((stride) => {
    const [rows, columns] = [Math.ceil(height / stride), Math.ceil(width / stride)];
    return Array.from({ length: rows * columns }, (_, i) => ({
      x: (i % columns) * stride,
      y: Math.floor(i / columns) * stride,
      stride,
    }));
  });
  return {
    corners: Float32Array.from(cells.flatMap(({ x, y }) => [x, y])),
    centers: Float32Array.from(cells.flatMap(({ x, y, stride }) => [x + stride / 2, y + stride / 2])),
    stride: Float32Array.from(cells, ({ stride }) => stride),
  };
}
