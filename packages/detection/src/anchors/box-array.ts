import {
  checkArguments,
  checkRecord,
  type HostTensor,
  OptionError,
  ShapeError,
  StructError,
} from "@pellucid/core-train";

/** Boxes `[box, 4]` on the host, `x1, y1, x2, y2` in pixels: where detectors match, code and suppress them. */
export type BoxArray = HostTensor<Float32Array>;

/** The height and width of an image or a feature map. */
export type Size2d = readonly [height: number, width: number];

/**
 * Numbers, four of a box, as boxes.
 *
 * @throws {StructError} unless the numbers are a typed array
 * @throws {ShapeError} unless there are four of each box
 */
export function boxArray(data: Float32Array): BoxArray {
  checkNumbers("boxArray", "data", data);
  if (data.length % 4 !== 0)
    throw new ShapeError(`boxArray: data has ${data.length} numbers, expected four of each box.`);
  return { data, shape: [data.length / 4, 4] };
}

/**
 * The rows of boxes with the given indices.
 *
 * @throws {StructError} for what is not boxes, or indices that are not numbers
 */
export function takeBoxes(boxes: BoxArray, indices: ArrayLike<number>): BoxArray {
  checkBoxArray("takeBoxes", "boxes", boxes);
  checkArguments("takeBoxes", { numbers: { indices } });
  const { data } = boxes;
  const taken = new Float32Array(indices.length * 4);
  for (let i = 0; i < indices.length; i++) {
    const from = (indices[i] ?? NaN) * 4;
    taken.set(data.subarray(from, from + 4), 4 * i);
  }
  return boxArray(taken);
}

/**
 * Boxes one after the other.
 *
 * @throws {StructError} for what is not an array of boxes
 */
export function concatBoxes(parts: readonly BoxArray[]): BoxArray {
  checkArguments("concatBoxes", { array: { parts } });
  for (const [i, part] of parts.entries()) checkBoxArray("concatBoxes", `parts[${i}]`, part);
  const all = new Float32Array(parts.reduce((size, { data }) => size + data.length, 0));
  let at = 0;
  for (const { data } of parts) {
    all.set(data, at);
    at += data.length;
  }
  return boxArray(all);
}

/** Throws a `StructError` unless numbers are in a typed array, as they are read by parts. */
function checkNumbers(caller: string, name: string, data: Float32Array): void {
  const given: unknown = data;
  if (!ArrayBuffer.isView(given))
    throw new StructError(`${caller}: ${name} is not a Float32Array, as boxes are.`);
}

/**
 * @throws {StructError} unless they are `{ data, shape }` with a typed array
 * @throws {ShapeError} unless they are `[box, 4]`, as many as `count` if it is given
 */
export function checkBoxArray(
  caller: string,
  name: string,
  boxes: BoxArray,
  count: number | "box" = "box",
): void {
  checkRecord(caller, name, boxes, ["data", "shape"]);
  const { data, shape } = boxes;
  checkNumbers(caller, `${name}.data`, data);
  const fits = shape.length === 2 && shape[1] === 4 && (count === "box" || shape[0] === count);
  if (!fits || data.length !== (shape[0] ?? 0) * 4)
    throw new ShapeError(
      `${caller}: ${name} is [${shape.join(", ")}], expected [${count}, 4]: x1, y1, x2, y2.`,
    );
}

/** @throws OptionError for a box that is not finite */
export function checkFiniteBoxes(caller: string, name: string, { data }: BoxArray): void {
  const wrong = data.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return;
  const box = Math.floor(wrong / 4);
  const values = data.subarray(4 * box, 4 * box + 4).join(", ");
  throw new OptionError(caller, `box ${box} of ${name}`, `[${values}]`, "finite coordinates");
}
