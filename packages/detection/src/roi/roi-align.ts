import { checkIntegers, checkOptions, checkPositive, checkShape, traceable } from "@pellucid/core-train";
import { reshape, Tensor, type Tensor4D, tidy, zeros } from "@tensorflow/tfjs-core";
import { bilinearBins } from "./bilinear-bins.ts";
import { type PooledSize, pooledSize } from "./pooled-size.ts";
import { type BinnedRoi, poolBins, rowsOfMap } from "./pool-bins.ts";
import { readRois, type Roi, type Rois } from "./rois.ts";

/** Options for {@link roiAlign}. */
export interface RoiAlignOptions {
  /** Factor from the coordinates of the regions to those of `x`: 1 / stride. Default: 1. */
  readonly spatialScale?: number;
  /** Samples of a bin along each axis; 0 or less takes as many as the bin has pixels, rounded up. Default: −1. */
  readonly samplingRatio?: number;
  /** Whether pixel centers are at halves: regions are moved by half a pixel, and may be smaller than a pixel. Default: false. */
  readonly aligned?: boolean;
}

/**
 * Pools each region of interest to `outputSize` by the mean of bilinear samples, as `torchvision.ops.roi_align`. Samples beyond a pixel outside of
 * the map are 0. Regions get no gradient.
 *
 * He et al., 2017. Mask R-CNN, section 3. https://arxiv.org/abs/1703.06870
 *
 * @param x `[batch, height, width, channel]`
 * @returns `[region, outputHeight, outputWidth, channel]`
 * @throws ShapeError for regions of another shape
 * @throws OptionError for regions that are not finite or of an image that does not exist
 */
export function roiAlign(
  x: Tensor4D,
  rois: Rois,
  outputSize: PooledSize,
  options: RoiAlignOptions = {},
): Tensor4D {
  checkOptions("roiAlign", options, ["spatialScale", "samplingRatio", "aligned"]);
  const { spatialScale = 1, samplingRatio = -1, aligned = false } = options;
  checkShape("roiAlign", "x", x, ["batch", "height", "width", "channel"]);
  checkPositive("roiAlign", { spatialScale });
  checkIntegers("roiAlign", { samplingRatio });
  const size = pooledSize("roiAlign", outputSize);
  const align = () => pooled(x, rois, { size, spatialScale, samplingRatio, aligned });
  if (!(rois instanceof Tensor)) return align();
  return traceable("roiAlign", { x, rois }, { size, spatialScale, samplingRatio, aligned }, align);
}

function pooled(
  x: Tensor4D,
  rois: Rois,
  {
    size,
    ...options
  }: Required<RoiAlignOptions> & { readonly size: readonly [height: number, width: number] },
): Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const regions = readRois("roiAlign", rois, batch).map((roi) =>
    alignBins(roi, { size, height, width, ...options }),
  );
  if (regions.length === 0) return zeros([0, ...size, channels]);
  return tidy(() =>
    reshape(poolBins(rowsOfMap(x), regions, { height, width, perPosition: 1 }), [
      regions.length,
      ...size,
      channels,
    ]),
  );
}

interface Alignment extends Required<RoiAlignOptions> {
  readonly size: readonly [height: number, width: number];
  readonly height: number;
  readonly width: number;
}

/** The taps of each bin of a region. Where the number of samples depends on the region, 32 bits decide as in PyTorch. */
function alignBins([image, x1, y1, x2, y2]: Roi, alignment: Alignment): BinnedRoi {
  const { size, height, width, spatialScale, samplingRatio, aligned } = alignment;
  const offset = aligned ? 0.5 : 0;
  const axis = (from: number, to: number, bins: number, length: number) => {
    const start = Math.fround(Math.fround(from * spatialScale) - offset);
    const end = Math.fround(Math.fround(to * spatialScale) - offset);
    const extent = aligned ? Math.fround(end - start) : Math.max(Math.fround(end - start), 1);
    const samples = samplingRatio > 0 ? samplingRatio : Math.ceil(Math.fround(extent / bins));
    return bilinearBins({ start, size: extent, bins, samples: Math.max(samples, 0), length });
  };
  return { image, rows: axis(y1, y2, size[0], height), columns: axis(x1, x2, size[1], width) };
}
