import { abs, Rng } from "@pellucid/core-train";
import { type AnchorFreeDetector, ConvBackbone } from "@pellucid/detection";
import { boxScore, dRise, gradCam, hiResCam, saliency, upsampleMap } from "@pellucid/interpret";
import { expandDims, type Tensor, tensor4d, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { detectorScenes, shapesDetector } from "../nets/shapes-detector.ts";
import { outlined } from "../outlined.ts";
import { attributionPictures, perPixel } from "./attribution-pictures.ts";
import type { Run } from "./run.ts";

export const methods = ["gradient", "Grad-CAM", "HiResCAM", "D-RISE"] as const;

type Method = (typeof methods)[number];

export interface Options {
  readonly scene: number;
  readonly method: Method;
  /** Of D-RISE. */
  readonly masks: number;
}

export const options: Options = { scene: 1, method: "D-RISE", masks: 300 };

/** Why is there a box? The pixels that the detector's best box rests on, and how much of the map is in that box. */
export async function program({ scene, method, masks }: Options, run: Run = {}) {
  const detector = await shapesDetector();
  const { test } = detectorScenes();
  const { image } = test.get(scene);
  const { boxes, scores, labels } = await detector.detect(image);
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = boxes.data;
  const box = [x1, y1, x2, y2] as const;
  const [label = 0] = labels;
  const score = boxScore(detector, { box, label });
  const oneHot = test.classes.map((_, i) => Number(i === label));
  const x: Tensor4D = tensor4d(image.data, [1, ...image.shape]);
  const explain = async (input: Tensor4D): Promise<Tensor> => {
    if (method === "gradient") return tidy(() => abs(saliency<Tensor4D>(score)(input)));
    if (method === "D-RISE")
      return dRise(detector, { box, scores: oneHot }, { ...run, rng: new Rng(0), masks, cells: 8 })(input);
    const cam = method === "Grad-CAM" ? gradCam : hiResCam;
    return tidy(() => {
      const map = cam<Tensor4D>(score, lastStage(detector))(input); // [1, 8, 8]
      return expandDims(upsampleMap(map, [image.shape[0], image.shape[1]], "nearest"), 3);
    });
  };
  const map = await perPixel(await explain(x));
  x.dispose();
  detector.dispose();
  const [height, width] = image.shape;
  const values = Array.from(map.data);
  const least = Math.min(...values);
  const inBox = (i: number) => {
    const [row, column] = [Math.floor(i / width) + 0.5, (i % width) + 0.5];
    return column > x1 && column < x2 && row > y1 && row < y2;
  };
  const sumOf = (wanted: (i: number) => boolean) =>
    values.reduce((sum, v, i) => (wanted(i) ? sum + v - least : sum), 0);
  const share = sumOf(inBox) / sumOf(() => true);
  const area = ((x2 - x1) * (y2 - y1)) / (height * width);
  const name = test.classes[label] ?? "";
  const above = { ...map, data: Float32Array.from(values, (v) => v - least) };
  const title = `${method}${method === "D-RISE" ? " above its least" : ""} for the box of a ${name}, score ${(scores[0] ?? 0).toFixed(2)}`;
  const pictures = attributionPictures(outlined(image, [box]), above, { title, signed: false, opacity: 0.9 });
  return { pictures, name, share, area, score: scores[0] ?? 0 };
}

/** The layer whose map the heads read. */
function lastStage({ backbone }: AnchorFreeDetector) {
  const stage = backbone instanceof ConvBackbone ? backbone.stages.at(-1) : undefined;
  if (stage === undefined) throw new RangeError("The detector has no stages.");
  return stage;
}
