import { checkChoice, checkOptions, checkProbabilities } from "@pellucid/core-train";
import { orderByScore } from "../nms/order-by-score.ts";
import { type DetectedObjects, type ReadObjects, readObjects, type TrueObjects } from "./detected-objects.ts";

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
      const { scores, verdicts } = this.#class(seen.labels[i] as number);
      scores.push(seenScores[i] as number);
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
      const overlap = this.#overlap(detections.boxes, i, objects.boxes, g);
      if (overlap > best) [best, match] = [overlap, g];
    }
    if (!(best > this.#threshold)) return false;
    if (objects.difficult?.[match] === 1) return undefined;
    if (found.has(match)) return false;
    found.add(match);
    return true;
  }

  #overlap(a: ArrayLike<number>, i: number, b: ArrayLike<number>, j: number): number {
    const [ax, ay, ax2, ay2] = [0, 1, 2, 3].map((side) => a[4 * i + side]) as [
      number,
      number,
      number,
      number,
    ];
    const [bx, by, bx2, by2] = [0, 1, 2, 3].map((side) => b[4 * j + side]) as [
      number,
      number,
      number,
      number,
    ];
    const border = this.#border;
    const width = Math.max(0, Math.min(ax2, bx2) - Math.max(ax, bx) + border);
    const height = Math.max(0, Math.min(ay2, by2) - Math.max(ay, by) + border);
    const own = (ax2 - ax + border) * (ay2 - ay + border);
    const other = (bx2 - bx + border) * (by2 - by + border);
    return (width * height) / (own + other - width * height);
  }

  #average({ scores, verdicts, objects }: Class): number {
    const right = Array.from(orderByScore(scores), (i) => verdicts[i]).filter(
      (verdict) => verdict !== undefined,
    );
    let found = 0;
    const curve = right.map((is, i) => {
      if (is) found++;
      return { recall: found / objects, precision: found / (i + 1) };
    });
    const highest = curve.map(({ precision }) => precision);
    for (let i = highest.length - 1; i > 0; i--)
      highest[i - 1] = Math.max(highest[i - 1] as number, highest[i] as number);
    const best = (i: number) => highest[i] as number;
    if (this.#points === "eleven") {
      const first = (wanted: number) => curve.findIndex(({ recall }) => recall >= wanted);
      const reached = Array.from({ length: 11 }, (_, i) => first(i * 0.1)).filter((i) => i !== -1);
      return reached.reduce((sum, i) => sum + best(i), 0) / 11;
    }
    return curve.reduce((area, { recall }, i) => area + (recall - (curve[i - 1]?.recall ?? 0)) * best(i), 0);
  }
}
