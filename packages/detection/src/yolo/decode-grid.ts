import { checkShape, softmax } from "@pellucid/core-train";
import {
  add,
  concat,
  mul,
  reshape,
  sigmoid,
  split,
  square,
  sub,
  type Tensor4D,
  tensor4d,
  tidy,
} from "@tensorflow/tfjs-core";
import { tidyLeaves } from "@pellucid/core-train";
import { checkImageSize } from "../boxes/check-image-size.ts";
import type { Decoded } from "../decode/decoded.ts";

/**
 * The boxes of a grid's labels, or of what {@link gridPrediction} made of a net's output: the inverse of {@link gridTarget}. A score is `p_c` times that of the class.
 *
 * @param grid `[batch, row, column, 5 + class]`
 * @throws {StructError} for what is not a tensor, or a size that is not numbers
 * @throws {ShapeError} for one of another number of axes
 * @throws {OptionError} for a size that is not a height and a width
 */
export function decodeGrid(grid: Tensor4D, imageSize: readonly [height: number, width: number]): Decoded {
  checkImageSize("decodeGrid", "imageSize", imageSize);
  const [height, width] = imageSize;
  checkShape("decodeGrid", "grid", grid, ["batch", "row", "column", "5 + class"]);
  const [batch, rows, columns, size] = grid.shape;
  return tidyLeaves(() => {
    const [object, x, y, boxHeight, boxWidth, classes] = split(grid, [1, 1, 1, 1, 1, size - 5], 3) as [
      Tensor4D,
      Tensor4D,
      Tensor4D,
      Tensor4D,
      Tensor4D,
      Tensor4D,
    ]; // [batch, row, column, 1] each
    const column = tensor4d(
      Float32Array.from({ length: columns }, (_, i) => i),
      [1, 1, columns, 1],
    );
    const row = tensor4d(
      Float32Array.from({ length: rows }, (_, i) => i),
      [1, rows, 1, 1],
    );
    const [cellWidth, cellHeight] = [width / columns, height / rows];
    const [centerX, centerY] = [mul(add(x, column), cellWidth), mul(add(y, row), cellHeight)];
    const [halfWidth, halfHeight] = [mul(boxWidth, cellWidth / 2), mul(boxHeight, cellHeight / 2)];
    const edges = [
      sub(centerX, halfWidth),
      sub(centerY, halfHeight),
      add(centerX, halfWidth),
      add(centerY, halfHeight),
    ] as Tensor4D[];
    return {
      boxes: reshape(concat(edges, 3), [batch, rows * columns, 4]),
      scores: reshape(mul(object, classes), [batch, rows * columns, size - 5]),
    };
  });
}

/**
 * Labels as a net predicts them: `σ` of `p_c`, `b_x` and `b_y`; the square of the size, as a net predicts its root; softmax over the classes.
 *
 * @param output `[batch, row, column, 5 + class]`, of `YoloGrid`
 */
export function gridPrediction(output: Tensor4D): Tensor4D {
  checkShape("gridPrediction", "output", output, ["batch", "row", "column", "5 + class"]);
  return tidy(() => {
    const [bounded, sizes, classes] = split(output, [3, 2, output.shape[3] - 5], 3) as [
      Tensor4D,
      Tensor4D,
      Tensor4D,
    ];
    return concat([sigmoid(bounded), square(sizes), softmax(classes)], 3);
  });
}
