import {
  type Backbone,
  checkOptions,
  checkRng,
  checkSizes,
  type Layer,
  type Module,
} from "@pellucid/core-train";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { KeypointDetections } from "../models/detections.ts";
import { backboneChannels } from "./backbone-channels.ts";
import { checkRcnn } from "./check-rcnn.ts";
import { FasterRCNN, fasterRcnnOptions, type FasterRCNNOptions, pooledMaps } from "./faster-rcnn.ts";
import { keypointRcnnHeads } from "./keypoint-rcnn-heads.ts";
import { KeypointRCNNPredictor } from "./keypoint-rcnn-predictor.ts";
import { MultiScaleRoIAlign } from "./multi-scale-roi-align.ts";

type MapLayer = Module & Layer<Tensor4D, Tensor4D>;

/** Options for {@link KeypointRCNN}. */
export interface KeypointRCNNOptions extends FasterRCNNOptions {
  /** Default: 17, COCO's. */
  readonly numKeypoints?: number;
  /** Default: 14×14 from all maps but one called `pool`, 2 samples. */
  readonly keypointRoiPool?: MultiScaleRoIAlign;
  /** Default: {@link keypointRcnnHeads} of eight times 512 channels. */
  readonly keypointHead?: MapLayer;
  /** Default: {@link KeypointRCNNPredictor} of 512 channels. */
  readonly keypointPredictor?: MapLayer;
}

/**
 * Keypoint R-CNN on any backbone, torchvision's `KeypointRCNN`, with its names, initial weights, losses, boxes and keypoints. As there, the shorter side of images is 640 to 800 in steps of 32 in
 * training unless `minSize` is given.
 *
 * He et al., 2017. Mask R-CNN, section 5. https://arxiv.org/abs/1703.06870
 */
export class KeypointRCNN extends FasterRCNN<KeypointDetections> {
  /** @param numClasses including the background, which is class 0; 2 for people */
  constructor(backbone: Module & Backbone, numClasses: number, options: KeypointRCNNOptions) {
    checkRng("KeypointRCNN", options);
    checkOptions("KeypointRCNN", options, [
      ...fasterRcnnOptions,
      "numKeypoints",
      "keypointRoiPool",
      "keypointHead",
      "keypointPredictor",
    ]);
    const { rng, minSize = [640, 672, 704, 736, 768, 800], numKeypoints = 17 } = options;
    checkSizes("KeypointRCNN", { numKeypoints });
    checkRcnn("KeypointRCNN", backbone, numClasses, options);
    const channels = backboneChannels("KeypointRCNN", backbone);
    const { keypointRoiPool: pool = new MultiScaleRoIAlign(pooledMaps(backbone), 14, 2) } = options;
    const { keypointHead: head = keypointRcnnHeads(channels, new Array<number>(8).fill(512), { rng }) } =
      options;
    const { keypointPredictor: predictor = new KeypointRCNNPredictor(512, numKeypoints, { rng }) } = options;
    const { numKeypoints: _count, keypointRoiPool: _pool, keypointHead: _head, ...rest } = options;
    const { keypointPredictor: _predictor, ...box } = rest;
    super(backbone, numClasses, { ...box, minSize }, { keypoint: { pool, head, predictor }, numKeypoints });
  }
}
