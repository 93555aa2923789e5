import {
  checkRecord,
  checkSizeArray,
  type Image,
  padImage,
  resizeImage,
  roundHalfEven,
} from "@pellucid/core-train";
import { add, concat, mul, split, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import type { Xyxy } from "../boxes/boxes.ts";
import { checkImage } from "../boxes/check-image.ts";
import { checkBoxes } from "../boxes/check-boxes.ts";

type Size = readonly [height: number, width: number];

/** Where an image is within a letterbox, in pixels. */
export interface Letterbox {
  /** The size of the image itself. */
  readonly original: Size;
  /** Its size within the letterbox. */
  readonly resized: Size;
  /** What was added, in pixels. */
  readonly padding: {
    readonly top: number;
    readonly bottom: number;
    readonly left: number;
    readonly right: number;
  };
}

/**
 * Where an image of a size is within a letterbox: as large as it fits without distortion, in the middle; an odd rest is on the right and below.
 *
 * @param target the side of a square, or height and width
 * @throws {OptionError} for a size that is not one or two integers above 0
 */
export function letterboxOf(original: Size, target: number | Size): Letterbox {
  const size = typeof target === "number" ? ([target, target] as const) : target;
  checkSizeArray("letterboxOf", "original", original, 2);
  checkSizeArray("letterboxOf", "target", size, 2);
  const [[height, width], [rows, columns]] = [size, original];
  const ratio = Math.min(height / rows, width / columns);
  const side = (size: number) => Math.max(1, roundHalfEven(size * ratio));
  const resized: Size = [side(rows), side(columns)];
  const [top, left] = [Math.floor((height - resized[0]) / 2), Math.floor((width - resized[1]) / 2)];
  const padding = { top, bottom: height - resized[0] - top, left, right: width - resized[1] - left };
  return { original, resized, padding };
}

/** An image of the size that a detector takes, and where the original is in it. */
export interface Letterboxed {
  readonly image: Image;
  readonly letterbox: Letterbox;
}

/**
 * Fits an image into the size that a detector takes, without distortion, with gray around it.
 *
 * @param target the side of a square, or height and width
 * @param fill the color around, 114 of 255 by custom
 * @throws {StructError} for what is not an image
 * @throws {OptionError} for a size that is not one or two integers above 0
 */
export function letterbox(image: Image, target: number | Size, fill = 114 / 255): Letterboxed {
  checkImage("letterbox", image);
  const [height, width] = image.shape;
  const box = letterboxOf([height, width], target);
  return { image: padImage(resizeImage(image, box.resized), box.padding, { fill }), letterbox: box };
}

/**
 * Boxes of the original image, in the pixels of the letterbox.
 *
 * @throws {StructError} for what is not boxes, or not a letterbox
 */
export function toLetterbox(boxes: Xyxy, letterbox: Letterbox): Xyxy {
  const { original, resized, padding } = checked("toLetterbox", boxes, letterbox);
  return moved(boxes, scaleOf(resized, original), [padding.left, padding.top]);
}

/**
 * The inverse of {@link toLetterbox}: boxes that were found in a letterbox, in the pixels of the original image. It uses the sizes and the padding in whole pixels that the image was given, not the
 * ratio that they were rounded from.
 * @throws {StructError} for what is not boxes, or not a letterbox
 */
export function fromLetterbox(boxes: Xyxy, letterbox: Letterbox): Xyxy {
  const { original, resized, padding } = checked("fromLetterbox", boxes, letterbox);
  const [x, y] = scaleOf(original, resized);
  return moved(boxes, [x, y], [-padding.left * x, -padding.top * y]);
}

function checked(caller: string, boxes: Xyxy, letterbox: Letterbox): Letterbox {
  checkBoxes(caller, "boxes", boxes);
  checkRecord(caller, "letterbox", letterbox, ["original", "resized", "padding"]);
  return letterbox;
}

function scaleOf(to: Size, from: Size): readonly [x: number, y: number] {
  return [to[1] / from[1], to[0] / from[0]];
}

function moved(boxes: Tensor2D, scale: readonly [number, number], shift: readonly [number, number]): Xyxy {
  return tidy(() => {
    const columns = split(boxes, 4, 1); // [box, 1] each
    const edges = columns.map((edge, i) => add(mul(edge, scale[i % 2] ?? NaN), shift[i % 2] ?? NaN));
    return concat(edges as Tensor2D[], 1); // [box, 4]
  }) as Xyxy;
}
