import {
  type BackboneWithFPNOptions,
  BackboneWithFPN,
  BatchNorm2d,
  LastLevelP6P7,
  type Module,
  type Rng,
} from "@pellucid/core-train";
import {
  AnchorGenerator,
  type BoxArray,
  boxArray,
  type DetectionTarget,
  type Detections,
  DefaultBoxGenerator,
  FastRCNN,
  FastRCNNPredictor,
  FasterRCNN,
  type FasterRCNNOptions,
  fastRcnnConvFcHead,
  FCOS,
  FCOSHead,
  KeypointRCNN,
  keypointRcnnHeads,
  KeypointRCNNPredictor,
  MaskRCNN,
  maskRcnnHeads,
  MaskRCNNPredictor,
  type ProposalDetector,
  RCNN,
  RetinaNet,
  RPNHead,
  SSD,
  TwoMLPHead,
} from "@pellucid/detection";
import { hashed } from "@pellucid/testing";
import type { Scalar, Tensor3D } from "@tensorflow/tfjs-core";
import { Body, Maps } from "./body.ts";
import { objectBoxes, sizes } from "./pictures.ts";

/** What all detectors do. */
export interface Detector extends Module {
  detect(images: readonly Tensor3D[]): Promise<Detections[]>;
  losses(
    images: readonly Tensor3D[],
    targets: readonly DetectionTarget[],
  ): Readonly<Record<string, Scalar | undefined>>;
}

const pyramid = (out: number, rng: Rng, options: Omit<BackboneWithFPNOptions, "rng"> = {}) =>
  new BackboneWithFPN(new Body([4, 6, 8, 10, 12], rng), out, { rng, ...options });

const rcnn = (rng: Rng): FasterRCNNOptions => ({
  rng,
  minSize: 64,
  maxSize: 96,
  anchorGenerator: new AnchorGenerator([[8], [16], [32], [64], [128]]),
  rpn: {
    preNmsTopN: { training: 40, testing: 30 },
    postNmsTopN: { training: 30, testing: 20 },
    batchSizePerImage: 32,
  },
  box: { batchSizePerImage: 16, detectionsPerImg: 12, scoreThresh: 0.2 },
});

const oneStage = { minSize: 64, maxSize: 96, topkCandidates: 50, detectionsPerImg: 15 };

const heads = (rng: Rng) => ({
  boxHead: new TwoMLPHead(8 * 49, 16, { rng }),
  boxPredictor: new FastRCNNPredictor(16, 3, { rng }),
});

const normLayer = (channels: number) => new BatchNorm2d(channels);

/** The fixture's detectors, each layer made in its order. */
export const detectors: Readonly<Record<string, (rng: Rng) => Detector>> = {
  faster: (rng) => new FasterRCNN(pyramid(8, rng), 3, { ...rcnn(rng), ...heads(rng) }),
  faster_v2: (rng) =>
    new FasterRCNN(pyramid(8, rng, { normLayer }), 3, {
      ...rcnn(rng),
      rpnHead: new RPNHead(8, 3, { rng, convDepth: 2 }),
      boxHead: fastRcnnConvFcHead([8, 7, 7], [6, 8], [16], { rng, normLayer }),
      boxPredictor: new FastRCNNPredictor(16, 3, { rng }),
    }),
  mask: (rng) => {
    const backbone = pyramid(8, rng);
    const maskHead = maskRcnnHeads(8, [6, 8], { rng });
    const maskPredictor = new MaskRCNNPredictor(8, 6, 3, { rng });
    return new MaskRCNN(backbone, 3, { ...rcnn(rng), ...heads(rng), maskHead, maskPredictor });
  },
  keypoint: (rng) => {
    const backbone = pyramid(8, rng);
    const keypointHead = keypointRcnnHeads(8, [6, 8], { rng });
    const keypointPredictor = new KeypointRCNNPredictor(8, 3, { rng });
    const options = { ...rcnn(rng), ...heads(rng), keypointHead, keypointPredictor, numKeypoints: 3 };
    const box = { ...options.box, scoreThresh: 0.1 };
    return new KeypointRCNN(backbone, 3, { ...options, box, minSize: [56, 60, 64] });
  },
  retina: (rng) => {
    const extraBlocks = new LastLevelP6P7(12, 8, { rng });
    const backbone = pyramid(8, rng, { extraBlocks });
    const sizes = [8, 16, 32, 64, 96, 128].map((size) => [size, Math.trunc(size * 2 ** (1 / 3))]);
    return new RetinaNet(backbone, 3, {
      rng,
      ...oneStage,
      anchorGenerator: new AnchorGenerator(sizes),
      scoreThresh: 0.3,
    });
  },
  fcos_net: (rng) => {
    const backbone = new BackboneWithFPN(new Body([4, 6, 8, 10], rng), 32, { rng });
    const anchorGenerator = new AnchorGenerator([[4], [8], [16], [32]], [[1]]);
    const head = new FCOSHead(32, 1, 3, { rng, numConvs: 2 });
    return new FCOS(backbone, 3, { rng, ...oneStage, anchorGenerator, head, scoreThresh: 0.4 });
  },
  ssd_net: (rng) => {
    const anchors = new DefaultBoxGenerator([[2], [2, 3]], { minRatio: 0.2, maxRatio: 0.7 });
    const { topkCandidates, detectionsPerImg } = { topkCandidates: 30, detectionsPerImg: 14 };
    return new SSD(new Maps(rng), anchors, [48, 40], 3, {
      rng,
      scoreThresh: 0.4,
      topkCandidates,
      detectionsPerImg,
    });
  },
};

/** The regions of the fixture's pictures: twelve by a formula, and each object's box moved by two pixels. */
export function proposals(): BoxArray[] {
  return sizes.map(([height, width], i) => {
    const u = hashed(48, 70 + i).map((value) => value + 0.5);
    const drawn = Array.from({ length: 12 }, (_, k) => {
      const [x = NaN, y = NaN, across = NaN, down = NaN] = u.subarray(4 * k, 4 * k + 4);
      const [left, top] = [x * (width - 16), y * (height - 16)];
      return [left, top, left + 8 + across * (width - 8 - left), top + 8 + down * (height - 8 - top)];
    });
    const moved = (objectBoxes[i] ?? []).map((box) => box.map((edge) => edge + 2));
    return boxArray(Float32Array.from([...drawn, ...moved].flat()));
  });
}

/** A detector that is given the proposals of the fixture. */
function onProposals(model: ProposalDetector): Detector {
  const [detect, losses] = [model.detect.bind(model), model.losses.bind(model)];
  return Object.assign(model as Module, {
    detect: (images: readonly Tensor3D[]) => detect(images, proposals()),
    losses: (images: readonly Tensor3D[], targets: readonly DetectionTarget[]) => ({
      ...losses(images, targets, proposals()),
    }),
  });
}

/** The detectors whose regions come from elsewhere. */
export const proposalDetectors: Readonly<Record<string, (rng: Rng) => Detector>> = {
  fast: (rng) => {
    const { minSize, maxSize, box } = rcnn(rng) as Required<FasterRCNNOptions>;
    return onProposals(new FastRCNN(pyramid(8, rng), 3, { rng, minSize, maxSize, box, ...heads(rng) }));
  },
  rcnn: (rng) => {
    const { box } = rcnn(rng) as Required<FasterRCNNOptions>;
    const options = { rng, box, regionSize: 24, context: 2, representationSize: 16 };
    return onProposals(new RCNN(new Body([4, 6, 8], rng), 3, options));
  },
};
