import { ShapeError } from "@pellucid/core-train";

/** Numbers on the host, as they are or as `{ data, shape }`. */
export type HostNumbers = ArrayLike<number> | { readonly data: ArrayLike<number> };

/** What a detector found in one image, on the host: what `detect` of the detectors returns. */
export interface DetectedObjects {
  /** Four numbers of each box. */
  readonly boxes: HostNumbers;
  /** The score of each box. */
  readonly scores: HostNumbers;
  /** The class of each box. */
  readonly labels: HostNumbers;
}

/** What is in one image, on the host: such as an item of `shapeScenes`. */
export interface TrueObjects {
  /** Four numbers of each box. */
  readonly boxes: HostNumbers;
  /** The class of each box. */
  readonly labels: HostNumbers;
  /** 1 for a box around many objects, of COCO: what it covers counts neither way. Default: none is. */
  readonly isCrowd?: HostNumbers | undefined;
  /** The area of each object, of COCO: that of its mask. Default: those of the boxes. */
  readonly areas?: HostNumbers | undefined;
  /** 1 for an object that counts neither way, of Pascal VOC. Default: none is. */
  readonly difficult?: HostNumbers | undefined;
}

/** The numbers of detections or objects, with none for what is not given. */
export interface ReadObjects {
  readonly boxes: ArrayLike<number>;
  readonly labels: ArrayLike<number>;
  readonly scores: ArrayLike<number> | undefined;
  readonly isCrowd: ArrayLike<number> | undefined;
  readonly areas: ArrayLike<number> | undefined;
  readonly difficult: ArrayLike<number> | undefined;
}

/**
 * The numbers of detections or objects.
 *
 * @throws ShapeError unless there is one of each for each box, and four of the box itself
 */
export function readObjects(caller: string, given: DetectedObjects | TrueObjects): ReadObjects {
  const fields: Partial<DetectedObjects & TrueObjects> = given;
  const numbers = (of: HostNumbers | undefined) => (of !== undefined && "data" in of ? of.data : of);
  const labels = numbers(given.labels) ?? [];
  const read = {
    labels,
    boxes: numbers(given.boxes) ?? [],
    scores: numbers(fields.scores),
    isCrowd: numbers(fields.isCrowd),
    areas: numbers(fields.areas),
    difficult: numbers(fields.difficult),
  };
  for (const [name, found] of Object.entries(read)) {
    const expected = name === "boxes" ? 4 * labels.length : labels.length;
    if (found !== undefined && found.length !== expected)
      throw new ShapeError(
        `${caller}: ${name} has ${found.length} numbers, expected ${expected} for ${labels.length} labels.`,
      );
  }
  return read;
}
