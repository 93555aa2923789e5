import type { Tensor2D, Tensor4D } from "@tensorflow/tfjs-core";
import { reshape, tensor2d } from "@tensorflow/tfjs-core";
import type { Tap } from "./bilinear-bins.ts";
import { weightedGather } from "./weighted-gather.ts";

/** A region whose bins are known: the taps of each bin along both axes. */
export interface BinnedRoi {
  readonly image: number;
  /** By bin along the height. */
  readonly rows: readonly (readonly Tap[])[];
  /** By bin along the width. */
  readonly columns: readonly (readonly Tap[])[];
}

/** The shape of a feature map that is read as rows: what its positions are multiplied with. */
export interface MapRows {
  readonly height: number;
  readonly width: number;
  /** Rows at one position: 1, or the bins of position-sensitive pooling. */
  readonly perPosition: number;
}

/**
 * Pools each bin of regions by the products of its taps: `[region · bin, feature]`. Bin `b` of a region reads row `b mod perPosition` of a
 * position.
 *
 * @param rows `[batch · height · width · perPosition, feature]`
 */
export function poolBins(rows: Tensor2D, regions: readonly BinnedRoi[], map: MapRows): Tensor2D {
  const { height, width, perPosition } = map;
  const bins = regions.flatMap(({ image, rows: down, columns }) =>
    down.flatMap((y, i) =>
      columns.map((x, j) => ({ image, y, x, own: (i * columns.length + j) % perPosition })),
    ),
  );
  const most = bins.reduce((found, { y, x }) => Math.max(found, y.length * x.length), 1);
  const indices = new Int32Array(bins.length * most);
  const weights = new Float32Array(bins.length * most);
  for (const [bin, { image, y, x, own }] of bins.entries()) {
    let at = bin * most;
    for (const down of y) {
      for (const across of x) {
        indices[at] = ((image * height + down.index) * width + across.index) * perPosition + own;
        weights[at++] = down.weight * across.weight;
      }
    }
  }
  return weightedGather(
    {
      x: rows,
      indices: tensor2d(indices, [bins.length, most], "int32"),
      weights: tensor2d(weights, [bins.length, most]),
    },
    {},
  ); // [region · bin, feature]
}

/** A feature map as rows of features, one per position: `[batch · height · width, channel]`. */
export function rowsOfMap(x: Tensor4D): Tensor2D {
  return reshape(x, [-1, x.shape[3]]);
}
