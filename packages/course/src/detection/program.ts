import { boxIou, suppress, xyxy } from "@pellucid/detection";

/** `[left, top, right, bottom]` */
export type Corners = readonly [left: number, top: number, right: number, bottom: number];

/** A box with the probability that there is an object in it. */
export interface ScoredBox {
  readonly box: Corners;
  readonly score: number;
}

/** The overlap of two boxes taken apart: the areas, and what the package computes. */
export interface Overlap {
  readonly intersection: number;
  readonly union: number;
  readonly iou: number;
}

export const areaOf = ([left, top, right, bottom]: Corners): number => (right - left) * (bottom - top);

/** The two areas by hand, and the quotient by `boxIou`. */
export async function overlapOf(a: Corners, b: Corners): Promise<Overlap> {
  const width = Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0]));
  const height = Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
  const intersection = width * height;
  const [one, two] = [xyxy([[...a]]), xyxy([[...b]])];
  const found = boxIou(one, two); // [1, 1]
  const [iou = 0] = await found.data();
  for (const tensor of [one, two, found]) tensor.dispose();
  return { intersection, union: areaOf(a) + areaOf(b) - intersection, iou };
}

/** One step of non-maximum suppression: the best box that is left, and those that it drops. */
export interface NmsStep {
  readonly kept: number;
  readonly dropped: readonly { readonly index: number; readonly iou: number }[];
}

/** Every step of non-maximum suppression among the boxes of at least `least`; `suppress` of the package keeps the same boxes. */
export async function nmsSteps(
  boxes: readonly ScoredBox[],
  { least, threshold }: { readonly least: number; readonly threshold: number },
): Promise<{ readonly steps: readonly NmsStep[]; readonly kept: readonly number[] }> {
  const candidates = boxes.flatMap(({ score }, i) => (score >= least ? [i] : []));
  const corners = xyxy(boxes.map(({ box }) => [...box]));
  const all = boxIou(corners, corners); // [box, box]
  const iou = await all.data();
  corners.dispose();
  all.dispose();
  const steps: NmsStep[] = [];
  let left = candidates.toSorted((a, b) => (boxes[b]?.score ?? 0) - (boxes[a]?.score ?? 0));
  while (left.length > 0) {
    const [kept = 0, ...others] = left;
    const between = (index: number) => iou[kept * boxes.length + index] ?? 0;
    const dropped = others.filter((index) => between(index) > threshold);
    steps.push({ kept, dropped: dropped.map((index) => ({ index, iou: between(index) })) });
    left = others.filter((index) => !dropped.includes(index));
  }
  const chosen = suppress(
    {
      boxes: Float32Array.from(candidates.flatMap((i) => [...(boxes[i]?.box ?? [0, 0, 0, 0])])),
      scores: Float32Array.from(candidates, (i) => boxes[i]?.score ?? 0),
    },
    threshold,
  );
  return { steps, kept: Array.from(chosen, (i) => candidates[i] ?? 0) };
}

/** Precision and recall at each score, from the best box down, and the average precision (every point, as Pascal VOC since 2010). */
export function precisionRecall(
  found: readonly { readonly score: number; readonly right: boolean }[],
  objects: number,
): { readonly points: readonly (readonly [recall: number, precision: number])[]; readonly average: number } {
  let right = 0;
  const points = found
    .toSorted((a, b) => b.score - a.score)
    .map((one, i): [number, number] => {
      right += one.right ? 1 : 0;
      return [right / objects, right / (i + 1)];
    });
  let [average, last] = [0, 0];
  points.forEach(([recall], i) => {
    const best = Math.max(...points.slice(i).map(([, precision]) => precision));
    average += (recall - last) * best;
    last = recall;
  });
  return { points, average };
}
