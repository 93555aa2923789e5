import { type Backbone, checkOptions, checkRng, type Module } from "@pellucid/core-train";
import type { Tensor3D } from "@tensorflow/tfjs-core";
import { backboneChannels } from "./backbone-channels.ts";
import { checkRcnn } from "./check-rcnn.ts";
import { FastRCNNPredictor } from "./fast-rcnn-predictor.ts";
import { type FasterRCNNOptions, pooledMaps } from "./faster-rcnn.ts";
import { GeneralizedRCNNTransform } from "./generalized-rcnn-transform.ts";
import { MultiScaleRoIAlign } from "./multi-scale-roi-align.ts";
import { type PooledFrom, ProposalDetector } from "./proposal-detector.ts";
import { RoIHeads } from "./roi-heads.ts";
import { TwoMLPHead } from "./two-mlp-head.ts";

/** Options for {@link FastRCNN}. */
export type FastRCNNOptions = Omit<FasterRCNNOptions, "anchorGenerator" | "rpnHead" | "rpn">;

/**
 * Fast R-CNN on any backbone: the backbone runs once on a picture, and each region that `selectiveSearch` proposes is pooled from its maps; then layers give a class and a box.
 * It is {@link FasterRCNN} without its network of proposals, with the same names and numbers.
 *
 * Girshick, 2015. Fast R-CNN. https://arxiv.org/abs/1504.08083
 */
export class FastRCNN extends ProposalDetector {
  readonly backbone: Module & Backbone;

  /** @param numClasses including the background, which is class 0 */
  constructor(backbone: Module & Backbone, numClasses: number, options: FastRCNNOptions) {
    const caller = "FastRCNN";
    checkRng(caller, options);
    checkOptions(caller, options, [
      "rng",
      "minSize",
      "maxSize",
      "transform",
      "boxRoiPool",
      "boxHead",
      "boxPredictor",
      "representationSize",
      "box",
    ]);
    const { rng, minSize = 800, maxSize = 1333, representationSize = 1024 } = options;
    checkRcnn(caller, backbone, numClasses, options);
    const { boxRoiPool = new MultiScaleRoIAlign(pooledMaps(backbone), 7, 2) } = options;
    const [height, width] = boxRoiPool.outputSize;
    const pooled = backboneChannels(caller, backbone) * height * width;
    const { boxHead = new TwoMLPHead(pooled, representationSize, { rng }) } = options;
    const { boxPredictor = new FastRCNNPredictor(representationSize, numClasses, { rng }) } = options;
    const transform = new GeneralizedRCNNTransform(minSize, maxSize, { ...options.transform, rng });
    super(transform, new RoIHeads(boxRoiPool, boxHead, boxPredictor, { ...options.box, rng }), numClasses);
    this.backbone = backbone;
  }

  protected override pooledFrom(images: readonly Tensor3D[], isTraining: boolean): PooledFrom {
    const { tensors, imageSizes } = this.transform.batch(images, isTraining);
    return { features: this.backbone.forward(tensors), imageSizes };
  }
}
