import { checkArguments, checkRecord, LabelError, ShapeError } from "@pellucid/core-train";

/** The objects of one image, on the host, as data has them. */
export interface HostObjects {
  /** `x1, y1, x2, y2` of each box, in pixels. */
  readonly boxes: { readonly data: ArrayLike<number> };
  /** The class of each. */
  readonly labels: { readonly data: ArrayLike<number> };
}

/** One object. */
export interface HostObject {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly label: number;
}

/**
 * The objects as centers and sizes.
 *
 * @throws {ShapeError} unless there are four numbers of each box
 * @throws {LabelError} for a class that does not exist
 */
export function objectsOf(caller: string, objects: HostObjects, numClasses: number): HostObject[] {
  checkObjects(caller, objects);
  const { boxes, labels } = objects;
  const count = labels.data.length;
  if (boxes.data.length !== 4 * count)
    throw new ShapeError(
      `${caller}: boxes has ${boxes.data.length} numbers, expected ${4 * count} for ${count} labels.`,
    );
  return Array.from({ length: count }, (_, i) => {
    const [x1, y1, x2, y2] = [0, 1, 2, 3].map((side) => boxes.data[4 * i + side]) as [
      number,
      number,
      number,
      number,
    ];
    const label = labels.data[i] ?? NaN;
    if (!(Number.isInteger(label) && label >= 0 && label < numClasses))
      throw new LabelError(
        `${caller}: label ${i} is ${label}, expected a class from 0 to ${numClasses - 1}.`,
      );
    return { x: (x1 + x2) / 2, y: (y1 + y2) / 2, width: x2 - x1, height: y2 - y1, label };
  });
}

/** Throws a `StructError` unless objects are boxes and labels, each with its numbers. */
export function checkObjects(caller: string, objects: HostObjects): void {
  checkRecord(caller, "objects", objects, ["boxes", "labels"]);
  checkRecord(caller, "objects.boxes", objects.boxes, ["data"]);
  checkRecord(caller, "objects.labels", objects.labels, ["data"]);
  const [boxes, labels] = [objects.boxes.data, objects.labels.data];
  checkArguments(caller, { numbers: { "objects.boxes.data": boxes, "objects.labels.data": labels } });
}
