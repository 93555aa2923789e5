import { checkOptions, checkPositive, checkShape, embedding, noGrad } from "@pellucid/core-train";
import {
  add,
  cast,
  expandDims,
  gather,
  greater,
  mul,
  type Rank,
  range,
  reshape,
  slice,
  squeeze,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
  type Tensor4D,
  tidy,
  where,
  zeros,
} from "@tensorflow/tfjs-core";
import { integerBins, roundHalfAway, type Span } from "./integer-bins.ts";
import { rowsOfMap } from "./pool-bins.ts";
import { type PooledSize, pooledSize } from "./pooled-size.ts";
import { readRois, type Rois } from "./rois.ts";

/** Options for {@link roiPool} and {@link psRoiPool}. */
export interface RoiPoolOptions {
  /** Factor from the coordinates of the regions to those of `x`: 1 / stride. Default: 1. */
  readonly spatialScale?: number;
}

/**
 * Pools each region of interest to `outputSize` by the maximum over bins of whole pixels, as `torchvision.ops.roi_pool`. An empty bin is 0. Regions
 * get no gradient.
 *
 * Girshick, 2015. Fast R-CNN, section 2.1. https://arxiv.org/abs/1504.08083
 *
 * @param x `[batch, height, width, channel]`
 * @returns `[region, outputHeight, outputWidth, channel]`
 * @throws ShapeError for regions of another shape
 * @throws OptionError for regions that are not finite or of an image that does not exist
 */
export function roiPool(
  x: Tensor4D,
  rois: Rois,
  outputSize: PooledSize,
  options: RoiPoolOptions = {},
): Tensor4D {
  checkOptions("roiPool", options, ["spatialScale"]);
  const { spatialScale = 1 } = options;
  checkShape("roiPool", "x", x, ["batch", "height", "width", "channel"]);
  checkPositive("roiPool", { spatialScale });
  const size = pooledSize("roiPool", outputSize);
  const [batch, height, width, channels] = x.shape;
  const axis = (from: number, to: number, bins: number, length: number) => {
    const start = roundHalfAway(Math.fround(from * spatialScale));
    const end = roundHalfAway(Math.fround(to * spatialScale));
    return integerBins(start, Math.max(end - start + 1, 1), bins, length);
  };
  const windows = readRois("roiPool", rois, batch).flatMap(([image, x1, y1, x2, y2]) => {
    const columns = axis(x1, x2, size[1], width);
    return axis(y1, y2, size[0], height).flatMap((rows) =>
      columns.map((across) => positions(image, rows, across, height, width)),
    );
  });
  if (windows.length === 0) return zeros([0, ...size, channels]);
  return tidy(() => {
    const rows = rowsOfMap(x); //                                                     [position, channel]
    const from = noGrad(() => largest(rows, windows)); //                             [bin, channel]
    const flat = reshape<Rank.R2>(x, [x.size, 1]);
    const found = reshape(embedding(reshape(from, [from.size]), flat), from.shape); // [bin, channel]
    const filled = tensor2d(windows.map((window) => [window.length > 0 ? 1 : 0])); //  [bin, 1]
    return reshape<Rank.R4>(mul(found, filled), [-1, ...size, channels]);
  });
}

function positions(image: number, rows: Span, columns: Span, height: number, width: number): number[] {
  const found: number[] = [];
  for (let y = rows.from; y < rows.to; y++)
    for (let x = columns.from; x < columns.to; x++) found.push((image * height + y) * width + x);
  return found;
}

/** The element of the map that is the largest of each bin and channel, the first of equals: `[bin, channel]` int32. */
function largest(rows: Tensor2D, windows: readonly (readonly number[])[]): Tensor2D {
  const most = windows.reduce((found, { length }) => Math.max(found, length), 1);
  const table = Int32Array.from({ length: windows.length * most }, (_, i) => {
    const window = windows[Math.floor(i / most)] as readonly number[];
    return window[i % most] ?? window[0] ?? 0;
  });
  const indices = tensor2d(table, [windows.length, most], "int32");
  const tap = (t: number): Tensor1D => squeeze(slice(indices, [0, t], [-1, 1]), [1]);
  let best = gather(rows, tap(0));
  let at: Tensor2D = mul(
    expandDims(tap(0), 1),
    cast(tensor1d(new Int32Array(rows.shape[1]).fill(1), "int32"), "int32"),
  );
  for (let t = 1; t < most; t++) {
    const next = gather(rows, tap(t));
    const isLarger = greater(next, best);
    best = where(isLarger, next, best);
    at = where(isLarger, expandDims(tap(t), 1), at);
  }
  const channel = range(0, rows.shape[1], 1, "int32");
  return add(mul(at, tensor1d([rows.shape[1]], "int32")), channel); // [bin, channel]
}
