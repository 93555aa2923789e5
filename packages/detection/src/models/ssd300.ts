import { checkRng, type Rng } from "@pellucid/core-train";
import { DefaultBoxGenerator } from "../anchors/default-box-generator.ts";
import { SSD, type SSDOptions } from "./ssd.ts";
import { SSDFeatureExtractorVGG } from "./ssd-vgg.ts";

/** Options for {@link ssd300}. */
export interface SSD300Options extends SSDOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Including the background. Default: 91, COCO's. */
  readonly numClasses?: number;
}

/**
 * SSD for images of 300 pixels, torchvision's `ssd300_vgg16`: 35,641,826 parameters with COCO's classes.
 *
 * ```ts
 * const { features, classifier } = vgg16({ rng }); // of @pellucid/cnn
 * classifier.dispose();
 * const model = ssd300(features.layers, { rng });
 * ```
 *
 * @param layers of VGG-16's features
 */
export function ssd300(layers: readonly unknown[], options: SSD300Options): SSD {
  checkRng("ssd300", options);
  const { numClasses = 91, ...rest } = options;
  const backbone = new SSDFeatureExtractorVGG(layers, { rng: options.rng });
  const anchors = new DefaultBoxGenerator([[2], [2, 3], [2, 3], [2, 3], [2], [2]], {
    scales: [0.07, 0.15, 0.33, 0.51, 0.69, 0.87, 1.05],
    steps: [8, 16, 32, 64, 100, 300],
  });
  const transform = {
    imageMean: [0.48235, 0.45882, 0.40784],
    imageStd: [1 / 255, 1 / 255, 1 / 255],
    ...options.transform,
  };
  return new SSD(backbone, anchors, [300, 300], numClasses, { ...rest, transform });
}
