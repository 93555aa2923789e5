import { checkNotNegative, checkSizes, type HostTensor, ShapeError } from "@pellucid/core-train";
import { distanceTransform } from "./distance-transform.ts";

/** Options for {@link boundaryF}. */
export interface BoundaryFOptions {
  /** How far, in pixels, a border may be from the true one. Default: 0.75 % of the picture's diagonal. */
  readonly tolerance?: number;
}

/** How well the borders of one class agree. */
export interface BoundaryScore {
  /** The share of predicted border pixels within the tolerance of a true one. */
  readonly precision: number;
  /** The share of true border pixels within the tolerance of a predicted one. */
  readonly recall: number;
  /** Their harmonic mean; 1 if neither has a border, 0 if only one has. */
  readonly f: number;
}

/**
 * How well the borders of each class agree: the F-measure of border pixels within a tolerance. Unlike IoU it sees errors along the outline of a large object.
 *
 * A border pixel is one of the class with a neighbor above, below, left or right that is not; the picture's edge is not a border. Csurka et al., 2013. What is a good evaluation measure for semantic
 * segmentation?
 *
 * @param prediction `[height, width]` labels
 * @param target `[height, width]` labels
 * @returns by class
 */
export function boundaryF(
  prediction: HostTensor,
  target: HostTensor,
  classes: number,
  options: BoundaryFOptions = {},
): BoundaryScore[] {
  checkSizes("boundaryF", { classes });
  const [height = 0, width = 0] = target.shape;
  if (target.shape.length !== 2 || prediction.shape.join() !== target.shape.join())
    throw new ShapeError(
      `boundaryF: prediction is [${prediction.shape.join(", ")}] and target [${target.shape.join(", ")}], expected [height, width] for both.`,
    );
  const { tolerance = 0.0075 * Math.hypot(height, width) } = options;
  checkNotNegative("boundaryF", { tolerance });
  return Array.from({ length: classes }, (_, c) => {
    const found = border(prediction, c);
    const right = border(target, c);
    const precision = shareWithin(found, right, tolerance);
    const recall = shareWithin(right, found, tolerance);
    const both = precision + recall;
    return { precision, recall, f: both === 0 ? 0 : (2 * precision * recall) / both };
  });
}

function border({ data, shape }: HostTensor, label: number): HostTensor<Uint8Array> {
  const [height = 0, width = 0] = shape;
  const marked = new Uint8Array(height * width);
  const differs = (row: number, column: number) =>
    row >= 0 && row < height && column >= 0 && column < width && data[row * width + column] !== label;
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      if (data[row * width + column] !== label) continue;
      const isBorder =
        differs(row - 1, column) ||
        differs(row + 1, column) ||
        differs(row, column - 1) ||
        differs(row, column + 1);
      if (isBorder) marked[row * width + column] = 1;
    }
  return { data: marked, shape: [height, width] };
}

/** The share of marked pixels near another set of them; with none to mark, whether there is nothing to find. */
function shareWithin(marked: HostTensor, near: HostTensor, tolerance: number): number {
  const distances = distanceTransform(near).data;
  let count = 0;
  let within = 0;
  for (const [i, mark] of marked.data.entries()) {
    if (mark === 0) continue;
    count++;
    if ((distances[i] ?? NaN) <= tolerance) within++;
  }
  return count === 0 ? Number(!near.data.includes(1)) : within / count;
}
