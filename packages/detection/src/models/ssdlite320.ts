import { checkRng, type Rng } from "@pellucid/core-train";
import { DefaultBoxGenerator } from "../anchors/default-box-generator.ts";
import { SSD, type SSDOptions } from "./ssd.ts";
import { SSDLiteHead, type SSDLiteOptions } from "./ssdlite-head.ts";
import { SSDLiteFeatureExtractor } from "./ssdlite-mobilenet.ts";

/** Options for {@link ssdlite320}. */
export interface SSDLite320Options extends Omit<SSDOptions, "head">, Pick<SSDLiteOptions, "normLayer"> {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Including the background. Default: 91, COCO's. */
  readonly numClasses?: number;
}

/**
 * SSDLite for images of 320 pixels, torchvision's `ssdlite320_mobilenet_v3_large`: 3,440,060 parameters with COCO's classes.
 *
 * ```ts
 * const { features, classifier } = mobilenetV3Large({ rng, reducedTail: true, normLayer: ssdLiteNorm }); // of @pellucid/cnn
 * classifier.dispose();
 * const model = ssdlite320(features.layers, { rng });
 * ```
 *
 * torchvision draws the weights of a backbone that is not pretrained anew, from a normal distribution of deviation 0.03.
 *
 * @param layers of the features of a MobileNet v3 large
 */
export function ssdlite320(layers: readonly unknown[], options: SSDLite320Options): SSD {
  checkRng("ssdlite320", options);
  const { numClasses = 91, normLayer, ...rest } = options;
  const own = { rng: options.rng, ...(normLayer === undefined ? {} : { normLayer }) };
  const backbone = new SSDLiteFeatureExtractor(layers, own);
  const anchors = new DefaultBoxGenerator(
    Array.from({ length: 6 }, () => [2, 3]),
    { minRatio: 0.2, maxRatio: 0.95 },
  );
  const head = new SSDLiteHead(
    backbone.maps.map(({ channels }) => channels),
    anchors.numAnchorsPerLocation(),
    numClasses,
    own,
  );
  const half = [0.5, 0.5, 0.5];
  return new SSD(backbone, anchors, [320, 320], numClasses, {
    scoreThresh: 0.001,
    nmsThresh: 0.55,
    detectionsPerImg: 300,
    topkCandidates: 300,
    ...rest,
    head,
    transform: { imageMean: half, imageStd: half, ...options.transform },
  });
}
