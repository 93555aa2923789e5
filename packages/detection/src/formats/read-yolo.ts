import { checkSizes } from "@pellucid/core-train";
import { AnnotationError } from "./annotation-error.ts";
import { textOf } from "./text-of.ts";

/** What a text file of YOLO's says of one image. */
export interface YoloAnnotation {
  /** The class of each object. */
  readonly labels: Int32Array<ArrayBuffer>;
  /** `x, y, width, height` of each box, with the center, in parts of the image: see `Cxcywh` in unit. */
  readonly boxes: Float32Array<ArrayBuffer>;
}

/**
 * Reads the annotation of one image in YOLO's text: a line `class x y width height` for each object.
 *
 * @param numClasses labels are from 0 to one less, if it is given
 * @throws AnnotationError where a line has not five numbers, a label is not an integer, or a box is outside of 0 to 1
 */
export function readYolo(file: string | Uint8Array, numClasses?: number): YoloAnnotation {
  if (numClasses !== undefined) checkSizes("readYolo", { numClasses });
  const rows = textOf("readYolo", file)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .map((line, i) => (line === "" ? undefined : rowOf(line, i + 1, numClasses ?? Infinity)))
    .filter((row) => row !== undefined);
  return {
    labels: Int32Array.from(rows, ([label]) => label as number),
    boxes: Float32Array.from(rows.flatMap((row) => row.slice(1))),
  };
}

function rowOf(line: string, number: number, numClasses: number): readonly number[] {
  const words = line.split(/\s+/);
  const row = words.map(Number);
  const wrong = (expected: string) =>
    new AnnotationError(`readYolo: line ${number} is "${line.slice(0, 60)}", expected ${expected}.`);
  if (row.length !== 5 || !row.every(Number.isFinite))
    throw wrong("five numbers: class, x, y, width, height");
  const [label, ...box] = row as [number, number, number, number, number];
  if (!(Number.isInteger(label) && label >= 0 && label < Math.min(numClasses, 2 ** 31)))
    throw wrong(numClasses === Infinity ? "a class of 0 or more" : `a class from 0 to ${numClasses - 1}`);
  if (box.some((side) => side < 0 || side > 1)) throw wrong("a box in parts of the image, from 0 to 1");
  return row;
}
