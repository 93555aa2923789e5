import { type HostTensor, OptionError, ShapeError } from "@pellucid/core-train";

/** Boxes `[box, 4]` on the host, `x1, y1, x2, y2` in pixels: where detectors match, code and suppress them. */
export type BoxArray = HostTensor<Float32Array>;

/** The height and width of an image or a feature map. */
export type Size2d = readonly [height: number, width: number];

/** Numbers, four of a box, as boxes. */
export function boxArray(data: Float32Array): BoxArray {
  return { data, shape: [data.length / 4, 4] };
}

/** The rows of boxes with the given indices. */
export function takeBoxes({ data }: BoxArray, indices: ArrayLike<number>): BoxArray {
  const taken = new Float32Array(indices.length * 4);
  for (let i = 0; i < indices.length; i++) {
    const from = (indices[i] as number) * 4;
    taken.set(data.subarray(from, from + 4), 4 * i);
  }
  return boxArray(taken);
}

/** Boxes one after the other. */
export function concatBoxes(parts: readonly BoxArray[]): BoxArray {
  const all = new Float32Array(parts.reduce((size, { data }) => size + data.length, 0));
  let at = 0;
  for (const { data } of parts) {
    all.set(data, at);
    at += data.length;
  }
  return boxArray(all);
}

/** @throws ShapeError unless they are `[box, 4]`, as many as `count` if it is given */
export function checkBoxArray(
  caller: string,
  name: string,
  { data, shape }: BoxArray,
  count: number | "box" = "box",
): void {
  const fits = shape.length === 2 && shape[1] === 4 && (count === "box" || shape[0] === count);
  if (!fits || data.length !== (shape[0] as number) * 4)
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
