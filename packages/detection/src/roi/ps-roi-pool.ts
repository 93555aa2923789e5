import { checkOptions, checkPositive, checkShape } from "@pellucid/core-train";
import { reshape, type Tensor4D, tidy, zeros } from "@tensorflow/tfjs-core";
import { integerBins, roundHalfAway } from "./integer-bins.ts";
import { poolBins } from "./pool-bins.ts";
import { type PooledSize, pooledSize } from "./pooled-size.ts";
import { checkBinChannels, positionSensitiveRows } from "./position-sensitive-rows.ts";
import type { RoiPoolOptions } from "./roi-pool.ts";
import { readRois, type Rois } from "./rois.ts";

/**
 * Pools each region of interest by the mean over bins of whole pixels, where each bin has channels of its own, as `torchvision.ops.ps_roi_pool`: bin `i, j` of
 * class `c` reads channel `(c · height + i) · width + j`. An empty bin is 0.
 * Regions get no gradient. torchvision's forward leaves the last row and column of the map out of every bin; its gradient does not.
 *
 * Dai et al., 2016. R-FCN. https://arxiv.org/abs/1605.06409
 *
 * @param x `[batch, height, width, class · outputHeight · outputWidth]`
 * @returns `[region, outputHeight, outputWidth, class]`
 * @throws ShapeError for channels that the bins do not divide, or regions of another shape
 * @throws OptionError for regions that are not finite or of an image that does not exist
 */
export function psRoiPool(
  x: Tensor4D,
  rois: Rois,
  outputSize: PooledSize,
  options: RoiPoolOptions = {},
): Tensor4D {
  checkOptions("psRoiPool", options, ["spatialScale"]);
  const { spatialScale = 1 } = options;
  checkShape("psRoiPool", "x", x, ["batch", "height", "width", "channel"]);
  checkPositive("psRoiPool", { spatialScale });
  const size = pooledSize("psRoiPool", outputSize);
  checkBinChannels("psRoiPool", x, size);
  const [batch, height, width, channels] = x.shape;
  const bins = size[0] * size[1];
  const axis = (from: number, to: number, count: number, length: number) => {
    const start = roundHalfAway(Math.fround(from * spatialScale));
    const end = roundHalfAway(Math.fround(to * spatialScale));
    return integerBins(start, Math.max(end - start, 1), count, length).map(({ from: first, to: last }) =>
      Array.from({ length: Math.max(last - first, 0) }, (_, i) => ({
        index: first + i,
        weight: 1 / (last - first),
      })),
    );
  };
  const regions = readRois("psRoiPool", rois, batch).map(([image, x1, y1, x2, y2]) => ({
    image,
    rows: axis(y1, y2, size[0], height),
    columns: axis(x1, x2, size[1], width),
  }));
  if (regions.length === 0) return zeros([0, ...size, channels / bins]);
  return tidy(() =>
    reshape(poolBins(positionSensitiveRows(x, bins), regions, { height, width, perPosition: bins }), [
      regions.length,
      ...size,
      channels / bins,
    ]),
  );
}
