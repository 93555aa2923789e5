// torchvision's detectors by name, put together from the classifiers of @pellucid/cnn, with thresholds for small pictures.
import { mobilenetV3Large, resnet50, vgg16 } from "@pellucid/cnn";
import {
  BackboneWithFPN,
  BatchNorm2d,
  type FeatureModel,
  FrozenBatchNorm2d,
  IntermediateLayers,
  LastLevelP6P7,
  type Layer,
  type Module,
  type Rng,
} from "@pellucid/core-train";
import {
  AnchorGenerator,
  type Detections,
  fastRcnnConvFcHead,
  FasterRCNN,
  FCOS,
  KeypointRCNN,
  MaskRCNN,
  RetinaNet,
  RPNHead,
  ssd300,
  ssdlite320,
  ssdLiteNorm,
} from "@pellucid/detection";
import type { Tensor3D, Tensor4D } from "@tensorflow/tfjs-core";

/** Finds objects in pictures of any size. */
export interface Detector extends Module {
  detect(images: readonly Tensor3D[]): Promise<Detections[]>;
}

const frozen = (channels: number): Module & Layer<Tensor4D, Tensor4D> => new FrozenBatchNorm2d(channels);
const batchNorm = (channels: number) => new BatchNorm2d(channels);
const small = { minSize: 64, maxSize: 96 };

/** More than the fixture's five, since scores of weights by a formula are close to each other. */
const rcnn = {
  ...small,
  rpn: { postNmsTopN: { training: 2000, testing: 30 } },
  box: { scoreThresh: 0, detectionsPerImg: 30 },
};
const dense = { ...small, detectionsPerImg: 30 };

/** The convolutions of a classifier, whose head is no longer needed. */
function featuresOf<F>({ features, classifier }: { readonly features: F; readonly classifier: Module }): F {
  classifier.dispose();
  return features;
}

/** ResNet-50 with a pyramid. @param from the first stage that the pyramid takes */
function resnetFpn(rng: Rng, from: number, options: object = {}, normLayer = frozen): BackboneWithFPN {
  const stages = [1, 2, 3, 4].filter((stage) => stage >= from);
  const names = Object.fromEntries(stages.map((stage, i) => [`layer${stage}`, `${i}`]));
  return new BackboneWithFPN(new IntermediateLayers(resnet50({ rng, normLayer }), names), 256, {
    rng,
    ...options,
  });
}

/** The detectors by torchvision's names. */
export const detectors: Readonly<Record<string, (rng: Rng) => Detector>> = {
  ssdlite320_mobilenet_v3_large: (rng) => {
    const features = featuresOf(mobilenetV3Large({ rng, reducedTail: true, normLayer: ssdLiteNorm }));
    return ssdlite320(features.layers, { rng, detectionsPerImg: 30 });
  },
  fasterrcnn_resnet50_fpn: (rng) => new FasterRCNN(resnetFpn(rng, 1), 91, { rng, ...rcnn }),
  fasterrcnn_resnet50_fpn_v2: (rng) =>
    new FasterRCNN(resnetFpn(rng, 1, { normLayer: batchNorm }, batchNorm), 91, {
      rng,
      ...rcnn,
      rpnHead: new RPNHead(256, 3, { rng, convDepth: 2 }),
      boxHead: fastRcnnConvFcHead([256, 7, 7], [256, 256, 256, 256], [1024], { rng, normLayer: batchNorm }),
    }),
  fasterrcnn_mobilenet_v3_large_fpn: (rng) => {
    const features = featuresOf(mobilenetV3Large({ rng, normLayer: frozen }));
    const body = new IntermediateLayers(features as unknown as FeatureModel, { 13: "0", 16: "1" });
    const sizes = [32, 64, 128, 256, 512];
    return new FasterRCNN(new BackboneWithFPN(body, 256, { rng }), 91, {
      rng,
      ...rcnn,
      anchorGenerator: new AnchorGenerator([sizes, sizes, sizes]),
    });
  },
  maskrcnn_resnet50_fpn: (rng) => new MaskRCNN(resnetFpn(rng, 1), 91, { rng, ...rcnn }),
  keypointrcnn_resnet50_fpn: (rng) => new KeypointRCNN(resnetFpn(rng, 1), 2, { rng, ...rcnn }),
  retinanet_resnet50_fpn: (rng) => {
    const extraBlocks = new LastLevelP6P7(256, 256, { rng });
    return new RetinaNet(resnetFpn(rng, 2, { extraBlocks }), 91, { rng, ...dense });
  },
  fcos_resnet50_fpn: (rng) => {
    const extraBlocks = new LastLevelP6P7(256, 256, { rng });
    return new FCOS(resnetFpn(rng, 2, { extraBlocks }), 91, { rng, ...dense });
  },
  ssd300_vgg16: (rng) => ssd300(featuresOf(vgg16({ rng })).layers, { rng, detectionsPerImg: 30 }),
};
