import { checkChoice, checkOptions, checkProbabilities } from "@pellucid/core-train";
import { hostIou } from "../nms/host-iou.ts";
import { orderByScore } from "../nms/order-by-score.ts";
import { type DetectedObjects, type ReadObjects, readObjects, type TrueObjects } from "./detected-objects.ts";
import { precisionEnvelope } from "./precision-envelope.ts";

/** Options for {@link VocAveragePrecision}. */
export interface VocAveragePrecisionOptions {
  /** A detection is right if its IoU is above. Default: 0.5. */
  readonly iouThreshold?: number;
  /** `"all"`: the area under the interpolated curve, from 2010 on; `"eleven"`: its mean at recalls 0, 0.1, …, 1, of 2007. Default: `"all"`. */
  readonly points?: "all" | "eleven";
  /** Whether `x2` and `y2` are the last pixel, as in VOC's files, so that a box is one wider, or an edge. Default: `"pixel"`. */
  readonly corners?: "pixel" | "edge";
}

/** {@link VocAveragePrecision} of the images so far. */
export interface VocSummary {
  /** The mean over classes with an object; −1 if there is none. */
  readonly map: number;
  readonly ofClass: ReadonlyMap<number, number>;
}

interface Class {
  readonly scores: number[];
  /** Right, wrong, or neither. */
  readonly verdicts: (boolean | undefined)[];
  objects: number;
}

/**
 * Pascal VOC's average precision: each detection, the best first, is compared with the object that it overlaps most; it is right if the IoU is above the threshold and that object has not
 * been found before. One that finds a difficult object counts neither way. Holds numbers only, no tensors.
 *
 * Everingham et al., 2010, section 4.2. https://doi.org/10.1007/s11263-009-0275-4
 */
export class VocAveragePrecision {
  readonly #threshold: number;
  readonly #points: "all" | "eleven";
  readonly #border: number;
  readonly #classes = new Map<number, Class>();

  constructor(options: VocAveragePrecisionOptions = {}) {
    checkOptions("VocAveragePrecision", options, ["iouThreshold", "points", "corners"]);
    const { iouThreshold = 0.5, points = "all", corners = "pixel" } = options;
    checkProbabilities("VocAveragePrecision", { iouThreshold });
    checkChoice("VocAveragePrecision", "points", points, ["all", "eleven"]);
    checkChoice("VocAveragePrecision", "corners", corners, ["pixel", "edge"]);
    this.#threshold = iouThreshold;
    this.#points = points;
    this.#border = corners === "pixel" ? 1 : 0;
  }

  /**
   * Takes in one image, also if nothing was found or nothing is in it. Boxes are `x1, y1, x2, y2`.
   *
   * @throws ShapeError unless there is a score and a label for each box
   */
  update(detections: DetectedObjects, objects: TrueObjects): void {
    const seen = readObjects("VocAveragePrecision", detections);
    const own = readObjects("VocAveragePrecision", objects);
    const seenScores = seen.scores ?? [];
    for (const [i, label] of Array.from(own.labels).entries())
      this.#class(label).objects += own.difficult?.[i] === 1 ? 0 : 1;
    const found = new Set<number>();
    for (const i of orderByScore(seenScores)) {
      const { scores, verdicts } = this.#class(seen.labels[i] ?? NaN);
      scores.push(seenScores[i] ?? NaN);
      verdicts.push(this.#judge(i, seen, own, found));
    }
  }

  compute(): VocSummary {
    const ofClass = new Map(
      [...this.#classes]
        .filter(([, { objects }]) => objects > 0)
        .map(([label, own]) => [label, this.#average(own)]),
    );
    const total = [...ofClass.values()].reduce((sum, average) => sum + average, 0);
    return { map: ofClass.size === 0 ? -1 : total / ofClass.size, ofClass };
  }

  /** Forgets all images. */
  reset(): void {
    this.#classes.clear();
  }

  #class(label: number): Class {
    const known = this.#classes.get(label);
    if (known !== undefined) return known;
    const made: Class = { scores: [], verdicts: [], objects: 0 };
    this.#classes.set(label, made);
    return made;
  }

  #judge(i: number, detections: ReadObjects, objects: ReadObjects, found: Set<number>): boolean | undefined {
    let [best, match] = [-Infinity, -1];
    for (let g = 0; g < objects.labels.length; g++) {
      if (objects.labels[g] !== detections.labels[i]) continue;
      const overlap = hostIou(detections.boxes, i, objects.boxes, g, this.#border);
      if (overlap > best) [best, match] = [overlap, g];
    }
    if (!(best > this.#threshold)) return false;
    if (objects.difficult?.[match] === 1) return undefined;
    if (found.has(match)) return false;
    found.add(match);
    return true;
  }

  #average({ scores, verdicts, objects }: Class): number {
    const right = Array.from(orderByScore(scores), (i) => verdicts[i]).filter(
      (verdict) => verdict !== undefined,
    );
    const { recall, precision } = precisionEnvelope(right, objects);
    const best = (i: number) => precision[i] ?? NaN;
    if (this.#points === "eleven") {
      const first = (wanted: number) => recall.findIndex((reached) => reached >= wanted);
      const reached = Array.from({ length: 11 }, (_, i) => first(i * 0.1)).filter((i) => i !== -1);
      return reached.reduce((sum, i) => sum + best(i), 0) / 11;
    }
    return recall.reduce((area, reached, i) => area + (reached - (recall[i - 1] ?? 0)) * best(i), 0);
  }
}
