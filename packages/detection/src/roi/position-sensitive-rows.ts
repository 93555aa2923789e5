import { ShapeError } from "@pellucid/core-train";
import { reshape, type Tensor2D, type Tensor4D, transpose } from "@tensorflow/tfjs-core";

/**
 * A feature map for position-sensitive pooling as rows: channel `(class · height + i) · width + j` belongs to the bin `i, j`, so that each bin of a position has a row of
 * its own: `[batch · height · width · bin, class]`.
 */
export function positionSensitiveRows(x: Tensor4D, bins: number): Tensor2D {
  const classes = x.shape[3] / bins;
  const byClass = reshape(x, [-1, classes, bins]); //   [position, class, bin]
  return reshape(transpose(byClass, [0, 2, 1]), [-1, classes]);
}

/** @throws ShapeError unless the channels are those of each bin */
export function checkBinChannels(caller: string, x: Tensor4D, size: readonly [number, number]): void {
  const bins = size[0] * size[1];
  if (x.shape[3] % bins === 0 && x.shape[3] > 0) return;
  throw new ShapeError(
    `${caller}: x has ${x.shape[3]} channels, expected a multiple of the ${bins} bins of the output [${size.join(", ")}].`,
  );
}
