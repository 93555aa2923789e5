import { checkSizes, ShapeError } from "@pellucid/core-train";
import { checkObjects, type HostObjects } from "./host-objects.ts";

/** Objects of an image, or of a batch, with a fixed number of rows. */
export interface PaddedObjects {
  /** `[most, 4]` */
  readonly boxes: { readonly data: Float32Array; readonly shape: readonly [most: number, side: number] };
  /** `[most]`: −1 in the rows without an object. */
  readonly labels: { readonly data: Int32Array; readonly shape: readonly [most: number] };
}

/**
 * Objects in a fixed number of rows, so that `batches` can stack images with different numbers of them.
 *
 * @param most how many there are at most
 * @throws {StructError} for what is not boxes and labels
 * @throws {ShapeError} when there are more
 */
export function padObjects(objects: HostObjects, most: number): PaddedObjects {
  checkSizes("padObjects", { most });
  checkObjects("padObjects", objects);
  const { boxes, labels } = objects;
  const count = labels.data.length;
  if (boxes.data.length !== 4 * count || count > most)
    throw new ShapeError(
      `padObjects: ${count} labels and ${boxes.data.length} numbers of boxes, expected at most ${most} labels, with 4 numbers each.`,
    );
  const padded = { boxes: new Float32Array(4 * most), labels: new Int32Array(most).fill(-1) };
  padded.boxes.set(Array.from(boxes.data));
  padded.labels.set(Array.from(labels.data));
  return { boxes: { data: padded.boxes, shape: [most, 4] }, labels: { data: padded.labels, shape: [most] } };
}
