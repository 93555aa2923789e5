import { type BoxArray, boxArray, type Size2d } from "./box-array.ts";

/** Boxes cut at the edges of an image. */
export function clipArray({ data }: BoxArray, [height, width]: Size2d): BoxArray {
  return boxArray(data.map((value, i) => Math.min(Math.max(value, 0), i % 2 === 0 ? width : height)));
}
