// encoders and decoders with skip connections
export { UNet, type UNetOptions } from "./unet.ts";
export { UNetUp } from "./unet-up.ts";
export { DoubleConv, type DoubleConvOptions } from "./double-conv.ts";
export { padToSkip } from "./pad-to-skip.ts";
export { LabmlUNet, type LabmlUNetOptions } from "./labml-unet.ts";
export { UNetPlusPlus, type UNetPlusPlusOptions } from "./unet-plus-plus.ts";
export { AttentionUNet, type AttentionUNetOptions } from "./attention-unet.ts";
export { AttentionGate } from "./attention-gate.ts";

// heads on any backbone
export { type MapLayer } from "./map-layer.ts";
export {
  type SegmentationHead,
  type SegmentationModel,
  type SegmentationOutput,
} from "./segmentation-output.ts";
export { OnBackbone, type OnBackboneOptions } from "./on-backbone.ts";
export { Fcn, type FcnOptions } from "./fcn.ts";
export { FcnHead } from "./fcn-head.ts";
export { Aspp, type AsppOptions, AsppPooling } from "./aspp.ts";
export { DeepLabHead, type DeepLabHeadOptions, DeepLabV3, type DeepLabV3Options } from "./deeplab-v3.ts";
export { DeepLabV3Plus, type DeepLabV3PlusOptions } from "./deeplab-v3-plus.ts";
export { LrAspp, type LrAsppOptions } from "./lr-aspp.ts";
export { PspNet, type PspNetOptions, PyramidPooling } from "./psp-net.ts";
export { FpnSegmenter, type FpnSegmenterOptions } from "./fpn-segmenter.ts";

// transformers
export { Segformer, type SegformerOptions } from "./segformer.ts";
export { segformerHubNames } from "./segformer-hub-names.ts";

// losses
export { boundaryLoss, type BoundaryLossOptions } from "./boundary-loss.ts";
export { focalCrossEntropy, type FocalCrossEntropyOptions } from "./focal-cross-entropy.ts";
export { lovaszHinge, type LovaszHingeOptions, lovaszSoftmax, type LovaszSoftmaxOptions } from "./lovasz.ts";
export { type OverlapOptions } from "./overlap.ts";
export { segmentationLoss, type SegmentationLossOptions } from "./segmentation-loss.ts";
export { softDiceLoss } from "./soft-dice-loss.ts";
export { softJaccardLoss } from "./soft-jaccard-loss.ts";
export { tverskyLoss, type TverskyLossOptions } from "./tversky-loss.ts";

// metrics
export { boundaryF, type BoundaryFOptions, type BoundaryScore } from "./boundary-f.ts";
export {
  type PanopticPicture,
  PanopticQuality,
  type PanopticScore,
  type PanopticSegment,
} from "./panoptic-quality.ts";
export {
  SegmentationMetrics,
  type SegmentationMetricsOptions,
  type SegmentationScores,
} from "./segmentation-metrics.ts";

// masks and large pictures
export { checkMasks, type CheckMasksOptions, type MaskSummary } from "./check-masks.ts";
export { distanceTransform } from "./distance-transform.ts";
export { MaskError } from "./mask-error.ts";
export { predictTiled, type PredictTiledOptions } from "./predict-tiled.ts";
export { maskFromColors, remapMask, valuesOfMasks } from "./remap-mask.ts";
export { resizeMask, type ResizeMaskOptions } from "./resize-mask.ts";
export { signedDistances, type SignedDistancesOptions } from "./signed-distances.ts";
