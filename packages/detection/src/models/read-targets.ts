import { type HostTensor, LabelError, OptionError, ShapeError } from "@pellucid/core-train";
import { Tensor, type Tensor2D } from "@tensorflow/tfjs-core";
import { type BoxArray, checkBoxArray, checkFiniteBoxes, type Size2d } from "../anchors/box-array.ts";

/** The objects of one picture, as a detector is trained with. */
export interface DetectionTarget {
  /** `x1, y1, x2, y2` of each object, in pixels of the picture: rows, `[object, 4]` on the host, or a tensor, which is read back. */
  readonly boxes: readonly (readonly number[])[] | BoxArray | Tensor2D;
  /** The class of each object, from 1: class 0 is the background. */
  readonly labels: ArrayLike<number>;
  /** `[object, height, width]` zeros and ones, for masks. */
  readonly masks?: HostTensor<Uint8Array>;
  /** `[object, keypoint, 3]` of `x`, `y` and whether it is visible, for keypoints. */
  readonly keypoints?: HostTensor<Float32Array>;
}

/** The objects of one picture on the host, checked. */
export interface HostTarget {
  readonly boxes: BoxArray;
  readonly labels: Int32Array;
  readonly masks: HostTensor<Uint8Array> | null;
  readonly keypoints: HostTensor<Float32Array> | null;
}

/** What targets have to fit. */
export interface TargetsOf {
  /** The sizes of the pictures. */
  readonly sizes: readonly Size2d[];
  /** Classes including the background. */
  readonly numClasses: number;
  /** The lowest class of an object. Default: 1. */
  readonly firstClass?: number;
  readonly hasMasks?: boolean;
  /** How many keypoints an object has. Default: none. */
  readonly numKeypoints?: number | null;
}

/**
 * Reads and checks targets.
 *
 * @throws ShapeError for another number of targets than pictures, or of labels, masks or keypoints than boxes
 * @throws OptionError for a box without a width and height, or numbers that are not finite
 * @throws LabelError for a label that is not a class of an object
 */
export function readTargets(
  caller: string,
  targets: readonly DetectionTarget[],
  of: TargetsOf,
): HostTarget[] {
  if (targets.length !== of.sizes.length)
    throw new ShapeError(
      `${caller}: there are ${targets.length} targets, expected ${of.sizes.length}, one per picture.`,
    );
  return targets.map((target, i) => readTarget(caller, target, i, of));
}

function readTarget(caller: string, target: DetectionTarget, i: number, of: TargetsOf): HostTarget {
  const name = `the boxes of target ${i}`;
  const boxes = readBoxValues(target.boxes);
  checkBoxArray(caller, name, boxes);
  checkFiniteBoxes(caller, name, boxes);
  const count = boxes.data.length / 4;
  for (let k = 0; k < count; k++) {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = boxes.data.subarray(4 * k, 4 * k + 4);
    if (!(x2 > x1 && y2 > y1))
      throw new OptionError(
        caller,
        `box ${k} of target ${i}`,
        `[${x1}, ${y1}, ${x2}, ${y2}]`,
        "x1 < x2 and y1 < y2: a positive width and height",
      );
  }
  const labels = Int32Array.from(target.labels);
  if (labels.length !== count)
    throw new ShapeError(
      `${caller}: target ${i} has ${labels.length} labels, expected ${count}, one per box.`,
    );
  const first = of.firstClass ?? 1;
  for (let k = 0; k < count; k++) {
    const label = target.labels[k] ?? NaN;
    if (!(Number.isInteger(label) && label >= first && label < of.numClasses))
      throw new LabelError(
        `${caller}: label ${k} of target ${i} is ${label}, expected ${first} to ${of.numClasses - 1}${first === 1 ? "; 0 is the background" : ""}.`,
      );
  }
  return {
    boxes,
    labels,
    masks: masksOf(caller, target, i, count, of),
    keypoints: keypointsOf(caller, target, i, count, of),
  };
}

function readBoxValues(values: DetectionTarget["boxes"]): BoxArray {
  if (values instanceof Tensor) return { data: Float32Array.from(values.dataSync()), shape: values.shape };
  if ("data" in values) return { data: Float32Array.from(values.data), shape: values.shape };
  const columns = values.find((row) => row.length !== 4)?.length ?? 4;
  return { data: Float32Array.from(values.flat()), shape: [values.length, columns] };
}

function masksOf(
  caller: string,
  { masks }: DetectionTarget,
  i: number,
  count: number,
  of: TargetsOf,
): HostTarget["masks"] {
  if (of.hasMasks !== true) return null;
  if (masks === undefined)
    throw new OptionError(
      caller,
      `the masks of target ${i}`,
      "undefined",
      "[object, height, width] zeros and ones",
    );
  const wanted = [count, ...(of.sizes[i] as Size2d)];
  if (masks.shape.length !== 3 || wanted.some((size, axis) => masks.shape[axis] !== size))
    throw new ShapeError(
      `${caller}: the masks of target ${i} are [${masks.shape.join(", ")}], expected [${wanted.join(", ")}], as large as the picture.`,
    );
  return masks;
}

function keypointsOf(
  caller: string,
  { keypoints }: DetectionTarget,
  i: number,
  count: number,
  { numKeypoints = null }: TargetsOf,
): HostTarget["keypoints"] {
  if (numKeypoints === null) return null;
  if (keypoints === undefined)
    throw new OptionError(
      caller,
      `the keypoints of target ${i}`,
      "undefined",
      "[object, keypoint, 3]: x, y, visibility",
    );
  const wanted = [count, numKeypoints, 3];
  if (keypoints.shape.length !== 3 || wanted.some((size, axis) => keypoints.shape[axis] !== size))
    throw new ShapeError(
      `${caller}: the keypoints of target ${i} are [${keypoints.shape.join(", ")}], expected [${wanted.join(", ")}].`,
    );
  return keypoints;
}
