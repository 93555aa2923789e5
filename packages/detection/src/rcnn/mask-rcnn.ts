import { type Backbone, checkOptions, checkRng, type Layer, type Module } from "@pellucid/core-train";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { MaskDetections } from "../models/detections.ts";
import { backboneChannels } from "./backbone-channels.ts";
import { checkRcnn } from "./check-rcnn.ts";
import { FasterRCNN, fasterRcnnOptions, type FasterRCNNOptions, pooledMaps } from "./faster-rcnn.ts";
import { maskRcnnHeads } from "./mask-rcnn-heads.ts";
import { MaskRCNNPredictor } from "./mask-rcnn-predictor.ts";
import { MultiScaleRoIAlign } from "./multi-scale-roi-align.ts";

type MapLayer = Module & Layer<Tensor4D, Tensor4D>;

/** Options for {@link MaskRCNN}. */
export interface MaskRCNNOptions extends FasterRCNNOptions {
  /** Default: 14×14 from all maps but one called `pool`, 2 samples. */
  readonly maskRoiPool?: MultiScaleRoIAlign;
  /** Default: {@link maskRcnnHeads} of four times 256 channels. */
  readonly maskHead?: MapLayer;
  /** Default: {@link MaskRCNNPredictor} of 256 channels. */
  readonly maskPredictor?: MapLayer;
}

/**
 * Mask R-CNN on any backbone, torchvision's `MaskRCNN`, with its names, initial weights, losses, boxes and masks.
 *
 * He et al., 2017. Mask R-CNN. https://arxiv.org/abs/1703.06870
 */
export class MaskRCNN extends FasterRCNN<MaskDetections> {
  /** @param numClasses including the background, which is class 0 */
  constructor(backbone: Module & Backbone, numClasses: number, options: MaskRCNNOptions) {
    checkRng("MaskRCNN", options);
    checkOptions("MaskRCNN", options, [...fasterRcnnOptions, "maskRoiPool", "maskHead", "maskPredictor"]);
    const { rng } = options;
    checkRcnn("MaskRCNN", backbone, numClasses, options);
    const channels = backboneChannels("MaskRCNN", backbone);
    const { maskRoiPool: pool = new MultiScaleRoIAlign(pooledMaps(backbone), 14, 2), ...rest } = options;
    const { maskHead: head = maskRcnnHeads(channels, [256, 256, 256, 256], { rng }), ...more } = rest;
    const { maskPredictor: predictor = new MaskRCNNPredictor(256, 256, numClasses, { rng }), ...box } = more;
    super(backbone, numClasses, box, { mask: { pool, head, predictor } });
  }
}
