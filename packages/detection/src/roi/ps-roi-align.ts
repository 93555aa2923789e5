import { checkIntegers, checkOptions, checkPositive, checkShape } from "@pellucid/core-train";
import { reshape, type Tensor4D, tidy, zeros } from "@tensorflow/tfjs-core";
import { bilinearBins } from "./bilinear-bins.ts";
import { poolBins } from "./pool-bins.ts";
import { type PooledSize, pooledSize } from "./pooled-size.ts";
import { checkBinChannels, positionSensitiveRows } from "./position-sensitive-rows.ts";
import { readRois, type Rois } from "./rois.ts";

/** Options for {@link psRoiAlign}. */
export interface PsRoiAlignOptions {
  /** Factor from the coordinates of the regions to those of `x`: 1 / stride. Default: 1. */
  readonly spatialScale?: number;
  /** Samples of a bin along each axis; 0 or less takes as many as the bin has pixels, rounded up. Default: −1. */
  readonly samplingRatio?: number;
}

/**
 * Pools each region of interest by the mean of bilinear samples, where each bin has channels of its own, as `torchvision.ops.ps_roi_align`: bin `i, j` of class `c`
 * reads channel `(c · height + i) · width + j`. Pixel centers are at halves. Regions get no gradient.
 *
 * Dai et al., 2016. R-FCN. https://arxiv.org/abs/1605.06409 · Li et al., 2018. Light-Head R-CNN. https://arxiv.org/abs/1711.07264
 *
 * @param x `[batch, height, width, class · outputHeight · outputWidth]`
 * @returns `[region, outputHeight, outputWidth, class]`
 * @throws ShapeError for channels that the bins do not divide, or regions of another shape
 * @throws OptionError for regions that are not finite or of an image that does not exist
 */
export function psRoiAlign(
  x: Tensor4D,
  rois: Rois,
  outputSize: PooledSize,
  options: PsRoiAlignOptions = {},
): Tensor4D {
  checkOptions("psRoiAlign", options, ["spatialScale", "samplingRatio"]);
  const { spatialScale = 1, samplingRatio = -1 } = options;
  checkShape("psRoiAlign", "x", x, ["batch", "height", "width", "channel"]);
  checkPositive("psRoiAlign", { spatialScale });
  checkIntegers("psRoiAlign", { samplingRatio });
  const size = pooledSize("psRoiAlign", outputSize);
  checkBinChannels("psRoiAlign", x, size);
  const [batch, height, width, channels] = x.shape;
  const bins = size[0] * size[1];
  const axis = (from: number, to: number, count: number, length: number) => {
    const start = Math.fround(Math.fround(from * spatialScale) - 0.5);
    const extent = Math.fround(Math.fround(Math.fround(to * spatialScale) - 0.5) - start);
    const samples = samplingRatio > 0 ? samplingRatio : Math.ceil(Math.fround(extent / count));
    return bilinearBins({ start, size: extent, bins: count, samples: Math.max(samples, 0), length });
  };
  const regions = readRois("psRoiAlign", rois, batch).map(([image, x1, y1, x2, y2]) => ({
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
