import { mobilenetV3Large, resnet50 } from "@pellucid/cnn";
import { IntermediateLayers, type Module, Rng } from "@pellucid/core-train";
import { DeepLabV3, Fcn, LrAspp, type SegmentationModel } from "@pellucid/segmentation";

const rng = new Rng(0);

const dilated = () => {
  const resnet = resnet50({ rng, replaceStrideWithDilation: [false, true, true] });
  return new IntermediateLayers(resnet, { layer4: "out", layer3: "aux" });
};
/** The models by torchvision's names. */
export const models: Readonly<Record<string, () => Module & SegmentationModel>> = {
  fcn_resnet50: () => new Fcn(dilated(), 21, { rng }),
  deeplabv3_resnet50: () => new DeepLabV3(dilated(), 21, { rng }),
  lraspp_mobilenet_v3_large: () => {
    const { features, classifier } = mobilenetV3Large({ rng, dilated: true });
    classifier.dispose();
    return new LrAspp(new IntermediateLayers(features, { 4: "low", 16: "high" }), 21, { rng });
  },
};
