import { DataError, type HostTensor, ShapeError } from "@pellucid/core-train";

/** What a segment of a {@link PanopticPicture} is. */
export interface PanopticSegment {
  readonly category: number;
  /** Whether it is a group that could not be outlined one by one. Only in targets. Default: false. */
  readonly isCrowd?: boolean;
}

/** A picture divided into segments: of each pixel the id of its segment, 0 for none (void). */
export interface PanopticPicture {
  /** `[height, width]` */
  readonly ids: HostTensor;
  /** By id. */
  readonly segments: Readonly<Record<number, PanopticSegment>>;
}

/** The panoptic quality of one category. */
export interface PanopticScore {
  /** `Σ IoU of matches / (TP + FP / 2 + FN / 2)`, `sq · rq`; NaN for a category that does not occur. */
  readonly pq: number;
  /** The mean IoU of matches, 0 without one: how well what was found is outlined. */
  readonly sq: number;
  /** `TP / (TP + FP / 2 + FN / 2)`: how much was found. NaN for a category that does not occur. */
  readonly rq: number;
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
}

interface Tally {
  iou: number;
  tp: number;
  fp: number;
  fn: number;
}

/**
 * Panoptic quality over pictures: how well segments of things and of stuff agree, each pixel belonging to one.
 *
 * Segments of one category match if their IoU is above ½. Void pixels leave the union; a prediction without a match that is mostly void, or mostly a crowd of its category,
 * is not counted.
 *
 * Kirillov et al., 2019, eq. 1 and section 4.1. https://arxiv.org/abs/1801.00868
 */
export class PanopticQuality {
  readonly #tallies = new Map<number, Tally>();

  /** @throws {DataError} an id without a segment, or a segment without a pixel; nothing is counted then */
  update(target: PanopticPicture, prediction: PanopticPicture): void {
    if (target.ids.shape.join() !== prediction.ids.shape.join())
      throw new ShapeError(
        `PanopticQuality: prediction is [${prediction.ids.shape.join(", ")}], expected [${target.ids.shape.join(", ")}] as the target.`,
      );
    const truths = areasOf("target", target);
    const guesses = areasOf("prediction", prediction);
    const both = new Map<string, number>();
    for (let i = 0; i < target.ids.data.length; i++) {
      const pair = `${target.ids.data[i]} ${prediction.ids.data[i]}`;
      both.set(pair, (both.get(pair) ?? 0) + 1);
    }
    const shared = (truth: number, guess: number) => both.get(`${truth} ${guess}`) ?? 0;
    const matchedTruths = new Set<number>();
    const matchedGuesses = new Set<number>();
    for (const [pair, overlap] of both) {
      const [truth, guess] = pair.split(" ").map(Number) as [number, number];
      if (truth === 0 || guess === 0) continue;
      const segment = target.segments[truth] as PanopticSegment;
      const { category } = prediction.segments[guess] as PanopticSegment;
      if (segment.isCrowd === true || segment.category !== category) continue;
      const union = (truths.get(truth) ?? 0) + (guesses.get(guess) ?? 0) - overlap - shared(0, guess);
      if (!(overlap / union > 0.5)) continue;
      const tally = this.#tally(category);
      tally.tp++;
      tally.iou += overlap / union;
      matchedTruths.add(truth);
      matchedGuesses.add(guess);
    }
    for (const truth of truths.keys()) {
      const { category, isCrowd = false } = target.segments[truth] as PanopticSegment;
      const tally = this.#tally(category);
      if (!matchedTruths.has(truth) && !isCrowd) tally.fn++;
    }
    for (const [guess, area] of guesses) {
      const { category } = prediction.segments[guess] as PanopticSegment;
      const tally = this.#tally(category);
      if (matchedGuesses.has(guess)) continue;
      const crowds = [...truths.keys()].filter((truth) => {
        const { isCrowd = false, category: own } = target.segments[truth] as PanopticSegment;
        return isCrowd && own === category;
      });
      const excused = crowds.reduce((sum, crowd) => sum + shared(crowd, guess), shared(0, guess));
      if (!(excused / area > 0.5)) tally.fp++;
    }
  }

  /** The mean panoptic quality over the categories that occur. */
  compute(): number {
    const found = [...this.scores().values()].map(({ pq }) => pq).filter((pq) => !Number.isNaN(pq));
    return found.reduce((sum, pq) => sum + pq, 0) / found.length;
  }

  /** By category. */
  scores(): ReadonlyMap<number, PanopticScore> {
    const sorted = [...this.#tallies].toSorted(([a], [b]) => a - b);
    return new Map(
      sorted.map(([category, { iou, tp, fp, fn }]) => {
        const count = tp + fp / 2 + fn / 2;
        return [category, { pq: iou / count, sq: tp === 0 ? 0 : iou / tp, rq: tp / count, tp, fp, fn }];
      }),
    );
  }

  reset(): void {
    this.#tallies.clear();
  }

  #tally(category: number): Tally {
    const tally = this.#tallies.get(category) ?? { iou: 0, tp: 0, fp: 0, fn: 0 };
    this.#tallies.set(category, tally);
    return tally;
  }
}

/** The pixels of each segment. */
function areasOf(name: string, { ids, segments }: PanopticPicture): Map<number, number> {
  const areas = new Map<number, number>();
  for (const id of ids.data) if (id !== 0) areas.set(id, (areas.get(id) ?? 0) + 1);
  for (const id of areas.keys())
    if (segments[id] === undefined)
      throw new DataError(
        `PanopticQuality: the ${name} has pixels of ${id}, but no segment ${id}. Void is 0.`,
      );
  for (const id of Object.keys(segments).map(Number))
    if (!areas.has(id)) throw new DataError(`PanopticQuality: segment ${id} of the ${name} has no pixels.`);
  return areas;
}
