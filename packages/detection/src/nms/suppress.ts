import { checkArguments, checkRecord, ShapeError } from "@pellucid/core-train";
import { orderByScore } from "./order-by-score.ts";
import type { HostBoxes } from "./host-boxes.ts";

/**
 * {@link nms} of numbers on the host, at once, for where a training step cannot wait: the indices of the boxes that are kept, by falling score. With
 * `classes`, boxes of different classes do not suppress each other.
 *
 * @param iouThreshold boxes whose IoU with a better one is above it go; equal to it, they stay
 * @throws {StructError} for what is not numbers
 * @throws {ShapeError} unless there are four numbers of a box for each score
 */
export function suppress(
  found: HostBoxes,
  iouThreshold: number,
  classes?: ArrayLike<number>,
): Int32Array<ArrayBuffer> {
  checkRecord("suppress", "found", found, ["boxes", "scores"]);
  const { boxes, scores } = found;
  checkArguments("suppress", {
    numbers: { boxes, scores },
    "numbers?": { classes },
    number: { iouThreshold },
  });
  if (boxes.length !== 4 * scores.length)
    throw new ShapeError(
      `suppress: boxes has ${boxes.length} numbers, expected ${4 * scores.length} for ${scores.length} scores.`,
    );
  const order = orderByScore(scores);
  const count = order.length;
  const threshold = Math.fround(iouThreshold);
  const [x1, y1, x2, y2, area] = sorted(boxes, order);
  const label = Float64Array.from(order, (i) => classes?.[i] ?? 0);
  const gone = new Uint8Array(count);
  const kept = new Int32Array(count);
  let length = 0;
  for (let i = 0; i < count; i++) {
    if (gone[i] === 1) continue;
    kept[length++] = order[i] ?? NaN;
    const [left, top, right, bottom, own, labelOfKept] = [x1[i], y1[i], x2[i], y2[i], area[i], label[i]] as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    for (let j = i + 1; j < count; j++) {
      if (gone[j] === 1 || label[j] !== labelOfKept) continue;
      const width = Math.fround(Math.min(right, x2[j] ?? NaN) - Math.max(left, x1[j] ?? NaN));
      if (width <= 0) continue;
      const height = Math.fround(Math.min(bottom, y2[j] ?? NaN) - Math.max(top, y1[j] ?? NaN));
      if (height <= 0) continue;
      const intersection = Math.fround(width * height);
      const union = Math.fround(Math.fround(own + (area[j] ?? NaN)) - intersection);
      if (Math.fround(intersection / union) > threshold) gone[j] = 1;
    }
  }
  return kept.slice(0, length);
}

/** The edges and the area of each box in an order, in 32 bits as PyTorch's. */
function sorted(boxes: ArrayLike<number>, order: Int32Array): [Edge, Edge, Edge, Edge, Edge] {
  const [x1, y1, x2, y2] = [0, 1, 2, 3].map((edge) =>
    Float32Array.from(order, (i) => boxes[4 * i + edge] ?? NaN),
  ) as [Edge, Edge, Edge, Edge];
  const area = Float32Array.from(order, (_, i) =>
    Math.fround(Math.fround((x2[i] ?? NaN) - (x1[i] ?? NaN)) * Math.fround((y2[i] ?? NaN) - (y1[i] ?? NaN))),
  );
  return [x1, y1, x2, y2, area];
}

type Edge = Float32Array;
