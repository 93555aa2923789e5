import { ShapeError } from "@pellucid/core-train";

/** What a detector found in one image, on the host. */
export interface Detections {
  /** Four numbers of each box. */
  readonly boxes: ArrayLike<number>;
  /** The score of each box. */
  readonly scores: ArrayLike<number>;
  /** The class of each box. */
  readonly labels: ArrayLike<number>;
}

/** What is in one image, on the host. */
export interface Objects {
  /** Four numbers of each box. */
  readonly boxes: ArrayLike<number>;
  /** The class of each box. */
  readonly labels: ArrayLike<number>;
  /** 1 for a box around many objects, of COCO: what it covers counts neither way. Default: none is. */
  readonly isCrowd?: ArrayLike<number>;
  /** The area of each object, of COCO: that of its mask. Default: those of the boxes. */
  readonly areas?: ArrayLike<number>;
  /** 1 for an object that counts neither way, of Pascal VOC. Default: none is. */
  readonly difficult?: ArrayLike<number>;
}

/** Throws a {@link ShapeError} unless there is a number for each box, four of the box itself. */
export function checkCounts(caller: string, of: Detections | Objects): void {
  const count = of.labels.length;
  for (const [name, numbers] of Object.entries(of) as [string, ArrayLike<number>][]) {
    const expected = name === "boxes" ? 4 * count : count;
    if (numbers !== undefined && numbers.length !== expected)
      throw new ShapeError(
        `${caller}: ${name} has ${numbers.length} numbers, expected ${expected} for ${count} labels.`,
      );
  }
}
