// torchvision's detectors by name, put together from the classifiers of @pellucid/cnn: names, shapes and counts; and with weights by a formula, what they detect.
import { useBackend } from "@pellucid/backends";
import { mobilenetV3Large, resnet50, vgg16 } from "@pellucid/cnn";
import {
  BackboneWithFPN,
  BatchNorm2d,
  type FeatureModel,
  FrozenBatchNorm2d,
  IntermediateLayers,
  LastLevelP6P7,
  type Layer,
  loadWeights,
  type Module,
  Rng,
  sizeOf,
  torchStateOf,
  withoutInit,
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
import { fixture, formulaWeights, hashed } from "@pellucid/testing";
import { memory, tensor3d, type Tensor3D, type Tensor4D } from "@tensorflow/tfjs-core";
import { createHash } from "node:crypto";
import { beforeAll, expect, test } from "vitest";

interface Case {
  readonly name: string;
  readonly entries: number;
  readonly parameters: number;
  readonly digest: string;
  readonly labels: number[];
  readonly boxes: number[];
  readonly scores: number[];
}

interface Detector extends Module {
  detect(images: readonly Tensor3D[]): Promise<Detections[]>;
}

const { cases } = fixture<{ cases: Case[] }>(import.meta.url, "../fixtures/torch/named-detectors.json");

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

const detectors: Readonly<Record<string, (rng: Rng) => Detector>> = {
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

/** All but one have tens of millions of weights: they run where `PELLUCID_FULL` asks for it. */
const full = process.env["PELLUCID_FULL"] !== undefined;
const here = cases.filter(({ parameters }) => full || parameters < 5e6);

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test("every detector has its case", () => {
  expect(Object.keys(detectors)).toEqual(cases.map(({ name }) => name));
});

test.each(here.map((c) => [c.name, c] as const))(
  "%s is torchvision's",
  { timeout: 900_000 },
  async (name, c) => {
    const before = memory().numTensors;
    const rng = new Rng(0);
    const model = withoutInit(() => (detectors[name] as (rng: Rng) => Detector)(rng));
    const state = await torchStateOf(model);
    const entries = Object.entries(state).filter(([key]) => !key.endsWith("num_batches_tracked"));
    expect(entries).toHaveLength(c.entries);
    const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
    const lines = sorted.map(([key, { shape }]) => `${key} ${shape.join(",")}`);
    expect(createHash("sha256").update(lines.join("\n")).digest("hex")).toBe(c.digest);
    const shapes = Object.fromEntries(entries.map(([key, { shape }]) => [key, shape]));
    const weights = formulaWeights(shapes, (u, key, shape) => {
      if (shape.length > 1)
        return u * Math.sqrt(24 / sizeOf(shape.slice(1))) * (key.includes("conv.") ? 0.2 : 1);
      if (key.endsWith("running_var")) return 1 + 0.4 * u;
      if (key.endsWith("scale_weight")) return 3 + u;
      return key.endsWith("weight") ? 1 + 0.2 * u : 0.1 * u;
    });
    loadWeights(model, weights, { strict: false });
    const values = Float32Array.from(hashed(3 * 60 * 80, 50), (u) => Math.fround(u) + 0.5);
    const image = tensor3d(values, [60, 80, 3]);
    const [found] = (await model.detect([image])) as [Detections];
    for (const [i, label] of c.labels.entries()) {
      const wanted = c.boxes.slice(4 * i, 4 * i + 4);
      const distances = Array.from(found.labels, (own, k) => {
        const box = found.boxes.data.subarray(4 * k, 4 * k + 4);
        const apart = Math.max(...wanted.map((edge, axis) => Math.abs(edge - (box[axis] as number))));
        return own === label
          ? Math.max(apart / 80, Math.abs((found.scores[k] as number) - (c.scores[i] as number)))
          : 1;
      });
      expect(Math.min(...distances), `detection ${i}`).toBeLessThan(1e-3);
    }
    image.dispose();
    model.dispose();
    expect(memory().numTensors).toBe(before);
  },
);
