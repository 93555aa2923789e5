import {
  checkArguments,
  checkRecord,
  checkShape,
  checkTensor,
  type HostTensor,
  ShapeError,
  sizeOf,
} from "@pellucid/core-train";
import { clone, Tensor, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import type { Boxes, BoxFormat, BoxUnit, Cxcywh, Xywh, Xyxy, Yxyx } from "./boxes.ts";

/** Numbers of boxes: a tensor `[box, 4]`, rows of four, or `{ data, shape }`. */
export type BoxValues = Tensor2D | readonly (readonly number[])[] | HostTensor<Float32Array>;

/**
 * States that numbers are boxes `x1, y1, x2, y2`, in pixels unless `unit` is `"unit"`. Returns a tensor of its own; of a tensor, one that shares its memory.
 *
 * @returns `[box, 4]`
 * @throws {ShapeError} unless they are `[box, 4]`
 * @throws {StructError} for what is neither a tensor, rows of numbers, nor `{ data, shape }`
 */
export function xyxy<U extends BoxUnit = "pixels">(values: BoxValues, _unit?: U): Xyxy<U> {
  return asBoxes("xyxy", values);
}

/** As {@link xyxy}, of the left edge, the upper edge, the width and the height. */
export function xywh<U extends BoxUnit = "pixels">(values: BoxValues, _unit?: U): Xywh<U> {
  return asBoxes("xywh", values);
}

/** As {@link xyxy}, of the center, the width and the height. */
export function cxcywh<U extends BoxUnit = "pixels">(values: BoxValues, _unit?: U): Cxcywh<U> {
  return asBoxes("cxcywh", values);
}

/** As {@link xyxy}, with `y` first. */
export function yxyx<U extends BoxUnit = "pixels">(values: BoxValues, _unit?: U): Yxyx<U> {
  return asBoxes("yxyx", values);
}

function asBoxes<F extends BoxFormat, U extends BoxUnit>(format: F, values: BoxValues): Boxes<F, U> {
  const boxes = toTensor(format, values);
  try {
    checkShape(format, "boxes", boxes, ["box", 4]);
    return boxes as Boxes<F, U>;
  } catch (error) {
    boxes.dispose();
    throw error;
  }
}

function toTensor(format: BoxFormat, values: BoxValues): Tensor2D {
  const isList = Array.isArray(values);
  if (isList) checkArguments(format, { "numbers[]": { boxes: values } });
  else if (!((values as unknown) instanceof Tensor)) checkRecord(format, "boxes", values, ["data", "shape"]);
  if (values instanceof Tensor) {
    checkTensor(format, "boxes", values);
    return clone(values);
  }
  if ("data" in values) {
    checkArguments(format, {
      numbers: { "boxes.data": values.data },
      "size[]": { "boxes.shape": values.shape },
    });
    if (values.shape.length !== 2 || values.data.length !== sizeOf(values.shape))
      throw new ShapeError(
        `${format}: boxes is [${values.shape.join(", ")}] with ${values.data.length} numbers, expected [box, 4].`,
      );
    return tensor2d(values.data, values.shape as [number, number], "float32");
  }
  const width = values[0]?.length ?? 4;
  const uneven = values.findIndex((row) => row.length !== width);
  if (uneven >= 0)
    throw new ShapeError(`${format}: box ${uneven} has ${values[uneven]?.length} numbers, expected 4.`);
  return tensor2d(
    values.flatMap((row) => [...row]),
    [values.length, width],
    "float32",
  );
}
