import { useBackend } from "@pellucid/backends";
import { DigitsCnn } from "@pellucid/cnn";
import { type Layer, loadWeights, type Module, Rng } from "@pellucid/core-train";
import { digits, type LabeledImages, toFloatImages } from "@pellucid/datasets";
import {
  ablationCam,
  type Attribution,
  classScore,
  deepLift,
  eigenCam,
  gradCam,
  gradCamPlusPlus,
  gridSegments,
  hiResCam,
  inputXGradient,
  insertionDeletion,
  integratedGradients,
  kernelShap,
  layerCam,
  lime,
  lrp,
  occlusion,
  rise,
  saliency,
  type Score,
  scoreCam,
  shapley,
  smoothGrad,
  upsampleMap,
  xGradCam,
} from "@pellucid/interpret";
import { type Tensor, type Tensor2D, tensor4d, type Tensor4D } from "@tensorflow/tfjs-core";
import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { shapes, ShapesNet } from "../../stories/nets/shapes-net.ts";

// What an explanation calls important must break the score sooner than random positions when it is hidden, and raise it sooner when it is shown. Not
// asked: guided backpropagation and the deconvnet, which pass this too, though they draw edges whatever the net has learned.

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

/** Unseen pictures, and how they are judged. */
function judged(
  name: string,
  net: Module & Layer<Tensor4D, Tensor2D>,
  unseen: LabeledImages<Float32Array>,
  count: number,
) {
  const file = readFileSync(new URL(`../../stories/nets/${name}.safetensors`, import.meta.url));
  loadWeights(net, Uint8Array.from(file).buffer);
  const { x, y } = unseen.gather(Int32Array.from({ length: count }, (_, i) => i));
  const images = tensor4d(x.data, [...x.shape]);
  const score = classScore<Tensor4D>(net, Array.from(y.data));
  const [, height, width] = images.shape;
  const areas = async (map: Tensor) => {
    const { deletion, insertion } = await insertionDeletion(
      score,
      { map, x: images },
      {
        step: (height * width) / 32,
      },
    );
    return { deletion: mean(deletion.area), insertion: mean(insertion.area) };
  };
  const random = () => areas(tensor4d(rng().rand(images.shape).data, images.shape));
  return { images, score, areas, random, size: [height, width] as const };
}

const mean = (values: Float32Array) => values.reduce((a, b) => a + b, 0) / values.length;
const rng = () => new Rng(1);
const segments = gridSegments(8, 8, 4);

const ofPixels: Readonly<Record<string, (score: Score) => Attribution<Tensor4D>>> = {
  saliency,
  inputXGradient,
  smoothGrad: (score) => smoothGrad(score, { rng: rng(), samples: 10 }),
  integratedGradients: (score) => integratedGradients(score, { steps: 16 }),
  deepLift,
  lrp,
  occlusion: (score) => occlusion(score, { window: [2, 2] }),
  rise: (score) => rise(score, { rng: rng(), masks: 300, cells: 4 }),
  lime: (score) => lime(score, { rng: rng(), samples: 200, segments }),
  kernelShap: (score) => kernelShap(score, { rng: rng(), samples: 200, segments }),
  shapley: (score) => shapley(score, { rng: rng(), samples: 300, segments }),
};

test.for(Object.keys(ofPixels))(
  "%s ranks pixels better than a random order, for the digits net",
  async (name) => {
    const unseen = toFloatImages((await digits()).test);
    const { images, score, areas, random } = judged("digits-cnn", new DigitsCnn({ rng: rng() }), unseen, 10);
    const tool = ofPixels[name] as (typeof ofPixels)[string];
    const [ours, theirs] = [await areas(await tool(score)(images)), await random()];
    expect(ours.deletion).toBeLessThan(theirs.deletion - 2); // points of a logit
    expect(ours.insertion).toBeGreaterThan(theirs.insertion + 2);
  },
);

const ofPositions: Readonly<
  Record<string, (score: Score, layer: Layer<never, Tensor4D>) => (x: Tensor4D) => Tensor | Promise<Tensor>>
> = { gradCam, gradCamPlusPlus, hiResCam, layerCam, xGradCam, scoreCam, ablationCam, eigenCam };

test.for(Object.keys(ofPositions))(
  "%s ranks positions better than a random order, for the shapes net",
  async (name) => {
    const net = new ShapesNet({ rng: rng() });
    const { images, score, areas, random, size } = judged("shapes-net", net, shapes(0, 4).test.load(), 4);
    const tool = ofPositions[name] as (typeof ofPositions)[string];
    const map = upsampleMap(await tool(score, net.layer3)(images), size);
    const [ours, theirs] = [await areas(map), await random()];
    expect(ours.insertion).toBeGreaterThan(theirs.insertion + 3); // hiding pixels leaves a hole, unlike any shape
  },
);
