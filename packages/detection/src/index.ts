// boxes: formats and units that the compiler keeps apart
export {
  type Boxes,
  type BoxFormat,
  type BoxUnit,
  type Cxcywh,
  type Xywh,
  type Xyxy,
  type Yxyx,
} from "./boxes/boxes.ts";
export { type BoxValues, cxcywh, xywh, xyxy, yxyx } from "./boxes/box-format.ts";
export { boxConvert } from "./boxes/box-convert.ts";
export { toPixels, toUnit } from "./boxes/scale-boxes.ts";
export { clipBoxesToImage } from "./boxes/clip-boxes-to-image.ts";
export { removeSmallBoxes } from "./boxes/remove-small-boxes.ts";
export { masksToBoxes } from "./boxes/masks-to-boxes.ts";
export { boxArea } from "./boxes/box-area.ts";

// overlaps of all pairs
export { boxIou } from "./boxes/box-iou.ts";
export { generalizedBoxIou } from "./boxes/generalized-box-iou.ts";
export { distanceBoxIou } from "./boxes/distance-box-iou.ts";
export { completeBoxIou } from "./boxes/complete-box-iou.ts";

// losses of boxes
export { type BoxIouLossOptions } from "./loss/box-iou-loss.ts";
export { generalizedBoxIouLoss } from "./loss/generalized-box-iou-loss.ts";
export { distanceBoxIouLoss } from "./loss/distance-box-iou-loss.ts";
export { completeBoxIouLoss } from "./loss/complete-box-iou-loss.ts";
export { focalLoss as sigmoidFocalLoss, type FocalLossOptions } from "@pellucid/core-train";

// non-maximum suppression
export { nms } from "./nms/nms.ts";
export { batchedNms } from "./nms/batched-nms.ts";
export { softNms, type SoftNmsOptions } from "./nms/soft-nms.ts";
export { matrixNms, type MatrixNmsOptions } from "./nms/matrix-nms.ts";
export { type Rescored } from "./nms/rescored.ts";
export { suppress } from "./nms/suppress.ts";
export { type HostBoxes } from "./nms/host-boxes.ts";

// regions of interest and deformable convolution
export { roiAlign, type RoiAlignOptions } from "./roi/roi-align.ts";
export { roiPool, type RoiPoolOptions } from "./roi/roi-pool.ts";
export { psRoiAlign, type PsRoiAlignOptions } from "./roi/ps-roi-align.ts";
export { psRoiPool } from "./roi/ps-roi-pool.ts";
export { type PooledSize } from "./roi/pooled-size.ts";
export { type Rois } from "./roi/rois.ts";
export { deformConv2d, type DeformConv2dOptions } from "./roi/deform-conv2d.ts";

// anchors, matching, coding and sampling
export { type BoxArray, boxArray, type Size2d } from "./anchors/box-array.ts";
export { AnchorGenerator } from "./anchors/anchor-generator.ts";
export { DefaultBoxGenerator, type DefaultBoxGeneratorOptions } from "./anchors/default-box-generator.ts";
export { Matcher, type MatcherOptions } from "./anchors/matcher.ts";
export { SSDMatcher } from "./anchors/ssd-matcher.ts";
export { BoxCoder } from "./anchors/box-coder.ts";
export { BoxLinearCoder } from "./anchors/box-linear-coder.ts";
export {
  BalancedPositiveNegativeSampler,
  type BalancedPositiveNegativeSamplerOptions,
  type BalancedSample,
} from "./anchors/balanced-positive-negative-sampler.ts";
export { iouMatrix } from "./anchors/iou-matrix.ts";
