// Constructors with wrong sizes and options: typed errors, and no tensors left.
import {
  type FeatureMaps,
  MaxPool2d,
  Conv2d,
  Module,
  ReLU,
  Rng,
  Sequential,
  withoutInit,
} from "@pellucid/core-train";
import * as core from "@pellucid/core-train";
import * as exported from "@pellucid/detection";
import { checkConstructor, type ModuleClass } from "@pellucid/testing";
import { expect, test } from "vitest";

const rng = new Rng(0);
const backbone = { maps: [{ name: "0", channels: 2, stride: 2 }], forward: (): FeatureMaps => ({}) };

/** A backbone without parameters, whose maps have as many channels each. */
class Maps extends Module implements core.Backbone {
  readonly maps;

  constructor(count: number) {
    super();
    this.maps = Array.from({ length: count }, (_, i) => ({
      name: `${i}`,
      channels: 8,
      stride: 2 ** (i + 1),
    }));
  }

  forward(): FeatureMaps {
    return {};
  }
}

const two = new Maps(2);
const anchors = new exported.AnchorGenerator([[8], [16]]);
const centers = new exported.AnchorGenerator([[8], [16]], [[1]]);
const pool = new exported.MultiScaleRoIAlign(["0"], 2, 2);
const predictor = { forward: () => ({}) };
const sizes = { minSize: 64, maxSize: 96 };
const rcnn = { rng, ...sizes, anchorGenerator: anchors, representationSize: 4 };
const dense = { rng, ...sizes, scoreThresh: 0.1, nmsThresh: 0.5, detectionsPerImg: 5, topkCandidates: 5 };
const thresholds = { fgIouThresh: 0.5, bgIouThresh: 0.4 };
const layer = { rng, dimFeedforward: 8, dropout: 0.1 };
const conv = (channels: number) => new Conv2d(channels, 2, 3, { rng, padding: 1 });
const vgg = () => [3, 2, 2, 2, 2].flatMap((channels) => [conv(channels), new ReLU(), new MaxPool2d(2)]);
const block = (isCn: boolean) =>
  Object.assign(new Sequential(new ReLU()), { block: new Sequential(conv(2), new ReLU()), isCn });

const rows: readonly [create: ModuleClass, ...args: unknown[]][] = [
  [exported.ConvBackbone, 1, [2, 3], { rng, outputs: 2 }],
  [exported.LocalizationNet, backbone, 3, { rng }],
  [exported.LandmarkNet, backbone, 4, { rng }],
  [exported.YoloGrid, backbone, 3, { rng }],
  [exported.YoloAnchors, backbone, 3, [[[2, 3]]], { rng }],
  [exported.DeformConv2d, 4, 2, [3, 3], { rng, stride: 1, padding: [1, 1], dilation: 1, groups: 2 }],
  [exported.PathAggregationNetwork, [2, 3], 4, { rng }],
  [exported.RPNHead, 4, 3, { rng, convDepth: 1 }],
  [
    exported.RegionProposalNetwork,
    anchors,
    predictor,
    {
      rng,
      ...thresholds,
      batchSizePerImage: 8,
      positiveFraction: 0.5,
      preNmsTopN: { training: 8, testing: 8 },
      postNmsTopN: { training: 8, testing: 8 },
      nmsThresh: 0.7,
      scoreThresh: 0,
    },
  ],
  [
    exported.RoIHeads,
    pool,
    predictor,
    predictor,
    {
      rng,
      ...thresholds,
      batchSizePerImage: 8,
      positiveFraction: 0.5,
      bboxRegWeights: [1, 1, 1, 1],
      scoreThresh: 0.1,
      nmsThresh: 0.5,
      detectionsPerImg: 5,
    },
  ],
  [exported.TwoMLPHead, 4, 2, { rng }],
  [exported.FastRCNNPredictor, 4, 2, { rng }],
  [exported.MaskRCNNPredictor, 4, 2, 3, { rng }],
  [exported.KeypointRCNNPredictor, 4, 3, { rng }],
  [exported.FasterRCNN, two, 2, rcnn],
  [exported.FastRCNN, two, 2, { rng, ...sizes, representationSize: 4 }],
  [
    exported.RCNN,
    two,
    2,
    { rng, regionSize: 8, context: 1, representationSize: 4, imageMean: [0, 0, 0], imageStd: [1, 1, 1] },
  ],
  [exported.MaskRCNN, two, 2, rcnn],
  [exported.KeypointRCNN, two, 2, { ...rcnn, numKeypoints: 3 }],
  [exported.RetinaNet, two, 2, { ...dense, ...thresholds, anchorGenerator: anchors, boxLoss: "giou" }],
  [exported.RetinaNetHead, 4, 1, 2, { rng }],
  [exported.RetinaNetClassificationHead, 4, 1, 2, { rng }],
  [exported.RetinaNetRegressionHead, 4, 1, { rng }],
  [
    exported.FCOS,
    two,
    2,
    {
      ...dense,
      anchorGenerator: centers,
      head: predictor,
      centerSamplingRadius: 1.5,
    },
  ],
  [exported.FCOSHead, 32, 1, 2, { rng, numConvs: 1 }],
  [exported.FCOSClassificationHead, 32, 1, 2, { rng, numConvs: 1 }],
  [exported.FCOSRegressionHead, 32, 1, { rng, numConvs: 1 }],
  [
    exported.SSD,
    two,
    new exported.DefaultBoxGenerator([[2], [2]]),
    [32, 32],
    2,
    {
      rng,
      scoreThresh: 0.1,
      nmsThresh: 0.5,
      detectionsPerImg: 5,
      topkCandidates: 5,
      iouThresh: 0.5,
      positiveFraction: 0.25,
    },
  ],
  [exported.SSDHead, [2, 3], [4, 4], 2, { rng }],
  [exported.SSDLiteHead, [2, 3], [4, 4], 2, { rng }],
  [
    exported.DETR,
    two,
    2,
    {
      ...layer,
      dModel: 8,
      nhead: 2,
      numQueries: 3,
      encoderLayers: 1,
      decoderLayers: 1,
      ...sizes,
      scoreThresh: 0.5,
      lossWeights: [1, 5, 2],
    },
  ],
  [exported.DetrTransformer, 8, 2, { ...layer, encoderLayers: 1, decoderLayers: 1 }],
  [exported.DetrEncoderLayer, 8, 2, layer],
  [exported.DetrDecoderLayer, 8, 2, layer],
  [exported.AnchorFreeDetector, backbone, 3, { rng, bins: 2, width: 4, depth: 1 }],
];

test.each(rows.map(([create, ...args]) => [create.name, create, args] as const))("%s", (_, create, args) => {
  withoutInit(() => checkConstructor(create, args));
});

/** Those that take layers over, so that each needs new ones, or have no sizes of their own. */
const taking: readonly [create: ModuleClass, make: () => Module][] = [
  [exported.SSDFeatureExtractorVGG, () => new exported.SSDFeatureExtractorVGG(vgg(), { rng })],
  [
    exported.SSDLiteFeatureExtractor,
    () => new exported.SSDLiteFeatureExtractor([conv(3), block(true), block(false)], { rng }),
  ],
  [exported.RegionNetwork, () => new exported.RegionNetwork(two, new exported.TwoMLPHead(2, 2, { rng }))],
  [exported.SSDScoringHead, () => new exported.SSDScoringHead([conv(2)], 2)],
  [
    exported.DetectionGraph,
    () => new exported.DetectionGraph(new exported.RetinaNet(two, 2, { rng, anchorGenerator: anchors })),
  ],
];

test.each(taking.map(([create, make]) => [create.name, make] as const))("%s leaks nothing", (_, make) => {
  expect(() => make().dispose()).toLeakNothing();
});

test("the extractors of SSD name the layers that they need", () => {
  expect(() => new exported.SSDFeatureExtractorVGG([], { rng })).toThrow(
    "SSDFeatureExtractorVGG: layers is of 0 poolings, expected the layers of a VGG's features, with 5.",
  );
  expect(() => new exported.SSDLiteFeatureExtractor([], { rng })).toThrow(
    "SSDLiteFeatureExtractor: layers is 0 layers, expected the layers of a MobileNet v3's features.",
  );
});

test("every exported layer and model has a row", () => {
  const bases: readonly unknown[] = [
    exported.GeneralizedRCNN,
    exported.OneStageDetector,
    exported.ProposalDetector,
  ];
  const classes = Object.values<unknown>(exported).filter(
    (value) => typeof value === "function" && value.prototype instanceof Module && !bases.includes(value),
  );
  const rowed: unknown[] = [...rows.map(([create]) => create), ...taking.map(([create]) => create)];
  expect(classes.filter((value) => !rowed.includes(value))).toEqual([]);
});
