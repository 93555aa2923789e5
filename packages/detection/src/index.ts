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
export { distributionFocalLoss, expectedDistance } from "./loss/distribution-focal-loss.ts";

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
export {
  DeformConv2d,
  type DeformConv2dInput,
  type DeformConv2dLayerOptions,
} from "./roi/deform-conv2d-layer.ts";

// a pyramid with a second path
export {
  PathAggregationNetwork,
  type PathAggregationNetworkOptions,
} from "./models/path-aggregation-network.ts";

// anchors, matching, coding and sampling
export { type BoxArray, boxArray, concatBoxes, type Size2d, takeBoxes } from "./anchors/box-array.ts";
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

// region proposals
export { RPNHead, type RPNHeadOptions, type RPNHeadOutput } from "./rpn/rpn-head.ts";
export {
  type AnchorPredictions,
  type PerMode,
  RegionProposalNetwork,
  type RegionProposalNetworkOptions,
} from "./rpn/region-proposal-network.ts";
export { filterProposals, type FilterProposalsOptions, type Proposals } from "./rpn/filter-proposals.ts";
export { rpnLoss, type RpnLosses, type RpnLossInput } from "./rpn/rpn-loss.ts";

// R-CNNs: their parts
export { LevelMapper, type LevelMapperOptions } from "./rcnn/level-mapper.ts";
export { MultiScaleRoIAlign, type MultiScaleRoIAlignOptions } from "./rcnn/multi-scale-roi-align.ts";
export { RegionWarp, type RegionWarpOptions } from "./rcnn/region-warp.ts";
export { RegionNetwork } from "./rcnn/region-network.ts";
export {
  GeneralizedRCNNTransform,
  type GeneralizedRCNNTransformOptions,
  type ImageBatch,
} from "./rcnn/generalized-rcnn-transform.ts";
export { RoIHeads, type RoILosses } from "./rcnn/roi-heads.ts";
export { type MapBranch, type RoIHeadsOptions } from "./rcnn/roi-heads-options.ts";
export { type HeadOptions, TwoMLPHead } from "./rcnn/two-mlp-head.ts";
export { fastRcnnConvFcHead, type FastRcnnConvFcHeadOptions } from "./rcnn/fast-rcnn-conv-fc-head.ts";
export { FastRCNNPredictor, type RegionPredictions } from "./rcnn/fast-rcnn-predictor.ts";
export { fastRcnnLoss, type FastRcnnLosses } from "./rcnn/fast-rcnn-loss.ts";
export { maskRcnnHeads, type MaskRcnnHeadsOptions } from "./rcnn/mask-rcnn-heads.ts";
export { MaskRCNNPredictor } from "./rcnn/mask-rcnn-predictor.ts";
export { maskRcnnLoss, type MaskedRegions } from "./rcnn/mask-rcnn-loss.ts";
export { pasteMasksInImage } from "./rcnn/paste-masks-in-image.ts";
export { keypointRcnnHeads } from "./rcnn/keypoint-rcnn-heads.ts";
export { KeypointRCNNPredictor } from "./rcnn/keypoint-rcnn-predictor.ts";
export { keypointRcnnLoss, type KeypointRegions } from "./rcnn/keypoint-rcnn-loss.ts";
export { heatmapsToKeypoints, type Keypoints } from "./rcnn/heatmaps-to-keypoints.ts";

// detectors
export { GeneralizedRCNN, type RcnnLosses } from "./rcnn/generalized-rcnn.ts";
export { ProposalDetector, type PooledFrom } from "./rcnn/proposal-detector.ts";
export { RCNN, type RCNNOptions } from "./rcnn/rcnn.ts";
export { FastRCNN, type FastRCNNOptions } from "./rcnn/fast-rcnn.ts";
export { FasterRCNN, type FasterRCNNOptions } from "./rcnn/faster-rcnn.ts";
export { MaskRCNN, type MaskRCNNOptions } from "./rcnn/mask-rcnn.ts";
export { KeypointRCNN, type KeypointRCNNOptions } from "./rcnn/keypoint-rcnn.ts";
export {
  type Anchors,
  type HeadOutputs,
  type HostOutputs,
  OneStageDetector,
  type OneStageParts,
} from "./models/one-stage-detector.ts";
export { RetinaNet, type RetinaNetOptions } from "./models/retinanet.ts";
export { FCOS, type FCOSOptions } from "./models/fcos.ts";
export { SSD, type SSDOptions } from "./models/ssd.ts";
export { ssd300, type SSD300Options } from "./models/ssd300.ts";
export { ssdlite320, type SSDLite320Options } from "./models/ssdlite320.ts";
export { DetectionGraph } from "./models/detection-graph.ts";
export { type GraphDetections } from "./models/graph-detections.ts";
export { type Detections, type KeypointDetections, type MaskDetections } from "./models/detections.ts";
export { type DetectionTarget } from "./models/read-targets.ts";
export { totalLoss } from "./models/total-loss.ts";

// one-stage detectors: their parts
export {
  RetinaNetClassificationHead,
  RetinaNetHead,
  type RetinaNetHeadOptions,
  type RetinaNetOutputs,
  RetinaNetRegressionHead,
} from "./models/retinanet-head.ts";
export { retinaNetAnchors } from "./models/retinanet-anchors.ts";
export {
  FCOSClassificationHead,
  FCOSHead,
  type FCOSHeadOptions,
  type FCOSOutputs,
  FCOSRegressionHead,
} from "./models/fcos-head.ts";
export { fcosMatch } from "./models/fcos-match.ts";
export { SSDHead, type SSDHeadOptions, type SSDOutputs, SSDScoringHead } from "./models/ssd-head.ts";
export { SSDFeatureExtractorVGG, type SSDFeatureExtractorVGGOptions } from "./models/ssd-vgg.ts";
export { SSDLiteHead, ssdLiteNorm, type SSDLiteOptions } from "./models/ssdlite-head.ts";
export { SSDLiteFeatureExtractor } from "./models/ssdlite-mobilenet.ts";

// metrics
export { type DetectedObjects, type HostNumbers, type TrueObjects } from "./metrics/detected-objects.ts";
export { MeanAveragePrecision, type MeanAveragePrecisionOptions } from "./metrics/mean-average-precision.ts";
export { type CocoSummary } from "./metrics/coco-summary.ts";
export {
  VocAveragePrecision,
  type VocAveragePrecisionOptions,
  type VocSummary,
} from "./metrics/voc-average-precision.ts";

// one object: where it is, and its landmarks
export { LocalizationNet, type LocalizationNetOptions } from "./localization/localization-net.ts";
export { localizationLoss } from "./localization/localization-loss.ts";
export { localizationTarget, type LocalizationTargetOptions } from "./localization/localization-target.ts";
export { LandmarkNet } from "./localization/landmark-net.ts";
export { landmarkLoss } from "./localization/landmark-loss.ts";

// sliding windows, and regions that may be objects
export {
  slidingWindows,
  type SlidingWindows,
  type SlidingWindowsOptions,
} from "./windows/sliding-windows.ts";
export { windowScores, type WindowScoresOptions } from "./windows/window-scores.ts";
export { segmentImage, type SegmentImageOptions, type Segments } from "./windows/segment-image.ts";
export { selectiveSearch, type SelectiveSearchOptions } from "./windows/selective-search.ts";
export { convolutionalWindowScores } from "./windows/convolutional-window-scores.ts";

// detectors of one stage, on any backbone
export { ConvBackbone, type ConvBackboneOptions } from "./yolo/conv-backbone.ts";
export { YoloGrid, type YoloGridOptions } from "./yolo/yolo-grid.ts";
export { gridTarget, type GridTargetOptions } from "./yolo/grid-target.ts";
export { gridLoss, type GridLossOptions } from "./yolo/grid-loss.ts";
export { decodeGrid, gridPrediction } from "./yolo/decode-grid.ts";
export { YoloAnchors, type YoloAnchorsOptions } from "./yolo/yolo-anchors.ts";
export { type AnchorMap } from "./yolo/anchor-grid.ts";
export {
  anchorsByKMeans,
  type AnchorsByKMeansOptions,
  type BoxSize,
  type ClusteredAnchors,
} from "./yolo/anchors-by-k-means.ts";
export { anchorTarget, type AnchorTargetOptions } from "./yolo/anchor-target.ts";
export { anchorLoss, type AnchorLossOptions } from "./yolo/anchor-loss.ts";
export { AnchorFreeDetector, type AnchorFreeDetectorOptions } from "./yolo/anchor-free-detector.ts";
export { type AnchorFreeOutput } from "./yolo/anchor-free-output.ts";
export { anchorFreeLoss, type AnchorFreeLossOptions } from "./yolo/anchor-free-loss.ts";
export {
  assignByTask,
  type AssignByTaskOptions,
  type Assignment,
  type ObjectRows,
  type PointPredictions,
} from "./yolo/assign-by-task.ts";
export { type HostObjects } from "./yolo/host-objects.ts";
export { type PaddedObjects, padObjects } from "./yolo/pad-objects.ts";
export { type DetectOptions } from "./yolo/detect-image.ts";

// decoding: letterboxes and the heads of exported detectors
export {
  fromLetterbox,
  letterbox,
  type Letterbox,
  type Letterboxed,
  letterboxOf,
  toLetterbox,
} from "./decode/letterbox.ts";
export { decodeAnchorFreeExport, decodeObjectnessExport, decodeYoloxExport } from "./decode/decode-heads.ts";
export { decodeEndToEndExport } from "./decode/decode-end-to-end-export.ts";
export { type Decoded } from "./decode/decoded.ts";
export { selectDetections, type SelectDetectionsOptions } from "./decode/select-detections.ts";

// augmentation: an image with its boxes, masks and points
export { type Scene, type SceneAugmentation } from "./augment/scene.ts";
export { flipScene, type FlipSceneOptions } from "./augment/flip-scene.ts";
export { cropScene } from "./augment/crop-scene.ts";
export { padScene } from "./augment/pad-scene.ts";
export { resizeScene } from "./augment/resize-scene.ts";
export { affineScene } from "./augment/affine-scene.ts";
export { sanitizeScene, type SanitizeSceneOptions } from "./augment/sanitize-scene.ts";
export { randomSceneFlip, type RandomSceneFlipOptions } from "./augment/random-scene-flip.ts";
export { randomSceneCrop } from "./augment/random-scene-crop.ts";
export { randomSceneAffine, type RandomSceneAffineOptions } from "./augment/random-scene-affine.ts";
export { mosaic } from "./augment/mosaic.ts";
export { mixUpScenes } from "./augment/mix-up-scenes.ts";
export { copyPaste, type CopyPasteOptions } from "./augment/copy-paste.ts";

// annotations: readers and writers
export { AnnotationError } from "./formats/annotation-error.ts";
export { readVoc, type VocAnnotation, type VocObject } from "./formats/read-voc.ts";
export { writeVoc } from "./formats/write-voc.ts";
export {
  type CocoAnnotation,
  type CocoCategory,
  type CocoDataset,
  type CocoImage,
  readCoco,
} from "./formats/read-coco.ts";
export { writeCoco } from "./formats/write-coco.ts";
export { readYolo, type YoloAnnotation } from "./formats/read-yolo.ts";
export { writeYolo } from "./formats/write-yolo.ts";
export {
  labelMeBox,
  type LabelMeAnnotation,
  type LabelMeShape,
  readLabelMe,
} from "./formats/read-label-me.ts";
export { writeLabelMe } from "./formats/write-label-me.ts";

// detection as a set
export { DETR, type DETROptions } from "./detr/detr.ts";
export { DetrTransformer, type DetrTransformerOptions } from "./detr/detr-transformer.ts";
export {
  DetrDecoderLayer,
  DetrEncoderLayer,
  type DetrLayerOptions,
  type DetrMemory,
} from "./detr/detr-layers.ts";
export { assign, type AssignedPair } from "./detr/assign.ts";
export { setCosts, type SetCostsOptions, type SetPredictions, type SetTarget } from "./detr/set-costs.ts";
export {
  setCriterion,
  type SetCriterionOptions,
  type SetLosses,
  type SetOutputs,
} from "./detr/set-criterion.ts";
export { sinePositions2d, type SinePositions2dOptions } from "./detr/sine-positions-2d.ts";
