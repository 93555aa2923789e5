import { checkChoice, checkOptions, checkSizes } from "@pellucid/core-train";
import { orderByScore } from "../nms/order-by-score.ts";
import type { CocoSummary } from "./coco-summary.ts";
import { type DetectedObjects, type ReadObjects, readObjects, type TrueObjects } from "./detected-objects.ts";
import { interpolatedPrecision, type PrecisionCurve } from "./interpolated-precision.ts";
import {
  type ImageDetections,
  type ImageObjects,
  matchImage,
  overlapsOf,
  type Verdict,
} from "./match-image.ts";

/** Options for {@link MeanAveragePrecision}. */
export interface MeanAveragePrecisionOptions {
  /** What the four numbers of a box are. Default: `"xyxy"`. */
  readonly boxFormat?: "xyxy" | "xywh";
  /**
   * How many detections of each class and image count, for the three recalls; the largest for all else, where pycocotools has −1 for the mean precision unless it is
   * 100. Default: `[1, 10, 100]`.
   */
  readonly maxDetections?: readonly [number, number, number];
}

/** NumPy's `linspace`, whose numbers COCO compares with. */
const steps = (start: number, stop: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) =>
    i === count - 1 ? stop : start + i * ((stop - start) / (count - 1)),
  );

const thresholds = steps(0.5, 0.95, 10);
const recalls = steps(0, 1, 101);
const [small, large, unlimited] = [32 ** 2, 96 ** 2, 1e10];
const ranges = {
  all: [0, unlimited],
  small: [0, small],
  medium: [small, large],
  large: [large, unlimited],
} as const;

interface ImageOfClass {
  readonly detections: ImageDetections;
  readonly objects: ImageObjects;
  readonly overlaps: readonly (readonly number[])[];
}

/**
 * COCO's mean average precision, the numbers of pycocotools: detections are assigned to objects by IoU, precision is interpolated at 101 recalls, and averaged over
 * recalls, IoU thresholds and classes. Holds numbers only, no tensors. DetectedObjects of equal score are ordered by image, as they were given.
 *
 * Lin et al., 2014. https://arxiv.org/abs/1405.0312
 */
export class MeanAveragePrecision {
  readonly #format: "xyxy" | "xywh";
  readonly #limits: readonly [number, number, number];
  readonly #classes = new Map<number, ImageOfClass[]>();

  constructor(options: MeanAveragePrecisionOptions = {}) {
    checkOptions("MeanAveragePrecision", options, ["boxFormat", "maxDetections"]);
    const { boxFormat = "xyxy", maxDetections = [1, 10, 100] } = options;
    checkChoice("MeanAveragePrecision", "boxFormat", boxFormat, ["xyxy", "xywh"]);
    const [first, second, third] = maxDetections;
    checkSizes("MeanAveragePrecision", { first, second, third });
    this.#format = boxFormat;
    this.#limits = [first, second, third].toSorted((a, b) => a - b) as [number, number, number];
  }

  /**
   * Takes in one image, also if nothing was found or nothing is in it.
   *
   * @throws ShapeError unless there is a score and a label for each box
   */
  update(detections: DetectedObjects, objects: TrueObjects): void {
    const found = readObjects("MeanAveragePrecision", detections);
    const own = readObjects("MeanAveragePrecision", objects);
    const labels = new Set([...Array.from(found.labels), ...Array.from(own.labels)]);
    for (const label of labels) {
      const ofLabel = {
        detections: this.#detectionsOf(label, found),
        objects: this.#objectsOf(label, own),
      };
      const image = { ...ofLabel, overlaps: overlapsOf(ofLabel.detections, ofLabel.objects) };
      const images = this.#classes.get(label);
      if (images === undefined) this.#classes.set(label, [image]);
      else images.push(image);
    }
  }

  compute(): CocoSummary {
    const curves = (range: keyof typeof ranges, limit: number) =>
      new Map([...this.#classes].map(([label, images]) => [label, curvesOf(images, ranges[range], limit)]));
    const [few, some, most] = this.#limits;
    const all = curves("all", most);
    const smaller = curves("small", most);
    const medium = curves("medium", most);
    const larger = curves("large", most);
    return {
      map: precisionOf(all),
      map50: precisionOf(all, thresholds.indexOf(0.5)),
      map75: precisionOf(all, thresholds.indexOf(0.75)),
      mapSmall: precisionOf(smaller),
      mapMedium: precisionOf(medium),
      mapLarge: precisionOf(larger),
      mar1: recallOf(curves("all", few)),
      mar10: recallOf(curves("all", some)),
      mar100: recallOf(all),
      marSmall: recallOf(smaller),
      marMedium: recallOf(medium),
      marLarge: recallOf(larger),
      mapOfClass: new Map([...all].map(([label, own]) => [label, precisionOf(new Map([[label, own]]))])),
    };
  }

  /** Forgets all images. */
  reset(): void {
    this.#classes.clear();
  }

  #detectionsOf(label: number, { boxes, scores = [], labels }: ReadObjects): ImageDetections {
    const own = indicesOf(label, labels);
    const order = [...orderByScore(own.map((i) => scores[i] ?? NaN))].slice(0, this.#limits[2]);
    const kept = order.map((rank) => own[rank] ?? NaN);
    return {
      boxes: kept.map((i) => this.#sizedBox(boxes, i)),
      scores: kept.map((i) => scores[i] ?? NaN),
    };
  }

  #objectsOf(label: number, { boxes, labels, isCrowd, areas }: ReadObjects): ImageObjects {
    const own = indicesOf(label, labels);
    const sized = own.map((i) => this.#sizedBox(boxes, i));
    return {
      boxes: sized,
      isCrowd: own.map((i) => isCrowd?.[i] === 1),
      areas: own.map((i, at) => areas?.[i] ?? (sized[at]?.[2] ?? NaN) * (sized[at]?.[3] ?? NaN)),
    };
  }

  /** `x, y, width, height` */
  #sizedBox(boxes: ArrayLike<number>, i: number): number[] {
    const [x, y, x2, y2] = [0, 1, 2, 3].map((side) => boxes[4 * i + side]) as [
      number,
      number,
      number,
      number,
    ];
    return this.#format === "xywh" ? [x, y, x2, y2] : [x, y, x2 - x, y2 - y];
  }
}

/** The curves of each class at each threshold, none where there is no object. */
type Curves = ReadonlyMap<number, readonly PrecisionCurve[]>;

function curvesOf(
  images: readonly ImageOfClass[],
  range: readonly [number, number],
  limit: number,
): readonly PrecisionCurve[] {
  const kept = images.map(({ detections, objects, overlaps }) => ({
    detections: { boxes: detections.boxes.slice(0, limit), scores: detections.scores.slice(0, limit) },
    objects,
    overlaps,
  }));
  const order = orderByScore(kept.flatMap(({ detections }) => detections.scores));
  return thresholds.flatMap((threshold) => {
    const judged = kept.map((image) =>
      matchImage(image.detections, image.objects, image.overlaps, threshold, range),
    );
    const counted = judged.reduce((sum, image) => sum + image.counted, 0);
    if (counted === 0) return [];
    const verdicts = judged.flatMap((image) => image.verdicts);
    const sorted = Array.from(order, (i) => verdicts[i] as Verdict).filter(
      (verdict) => verdict !== "ignored",
    );
    return [
      interpolatedPrecision(
        sorted.map((verdict) => verdict === "right"),
        counted,
        recalls,
      ),
    ];
  });
}

function indicesOf(label: number, labels: ArrayLike<number>): number[] {
  return Array.from(labels, (_, i) => i).filter((i) => labels[i] === label);
}

function precisionOf(curves: Curves, threshold?: number): number {
  return meanOf(
    [...curves.values()]
      .flatMap((own) => (threshold === undefined ? own : own.slice(threshold, threshold + 1)))
      .flatMap(({ precision }) => precision),
  );
}

function recallOf(curves: Curves): number {
  return meanOf([...curves.values()].flat().map(({ recall }) => recall));
}

function meanOf(numbers: readonly number[]): number {
  return numbers.length === 0 ? -1 : numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
}
