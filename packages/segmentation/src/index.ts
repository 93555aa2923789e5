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
export { FeaturePyramid } from "./feature-pyramid.ts";
export { FpnSegmenter, type FpnSegmenterOptions } from "./fpn-segmenter.ts";

// transformers
export { Segformer, type SegformerOptions } from "./segformer.ts";
export { segformerHubNames } from "./segformer-hub-names.ts";
