import { DataError, ShapeError } from "@pellucid/core-train";

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
 * @throws DataError for what is not on the host, such as a tensor
 */
export function readObjects(caller: string, given: DetectedObjects | TrueObjects): ReadObjects {
  const fields: Partial<DetectedObjects & TrueObjects> = given;
  const numbers = (name: string, of: HostNumbers | undefined) =>
    of === undefined ? undefined : numbersOf(caller, name, of);
  const labels = numbersOf(caller, "labels", given.labels);
  const read = {
    labels,
    boxes: numbersOf(caller, "boxes", given.boxes),
    scores: numbers("scores", fields.scores),
    isCrowd: numbers("isCrowd", fields.isCrowd),
    areas: numbers("areas", fields.areas),
    difficult: numbers("difficult", fields.difficult),
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

/** The numbers themselves, whichever way they are given. */
function numbersOf(caller: string, name: string, given: HostNumbers): ArrayLike<number> {
  const found: unknown = typeof given === "object" && given !== null && "data" in given ? given.data : given;
  if (isNumbers(found)) return found;
  const isTensor = typeof found === "function";
  throw new DataError(
    `${caller}: ${name} is ${isTensor ? "a tensor" : typeof given}, expected numbers on the host${isTensor ? ": read it with await tensor.data()" : ""}.`,
  );
}

function isNumbers(x: unknown): x is ArrayLike<number> {
  return Array.isArray(x) || (ArrayBuffer.isView(x) && !(x instanceof DataView));
}
