import { ShapeError } from "../shape-error.ts";

/** What fills pixels that the image does not cover: one number for all channels, or one for each. */
export type ImageFill = number | readonly number[];

/** The fill of each channel. */
export function fillOf(caller: string, fill: ImageFill, channels: number): readonly number[] {
  const colors = typeof fill === "number" ? new Array<number>(channels).fill(fill) : fill;
  if (colors.length === channels) return colors;
  throw new ShapeError(`${caller}: fill has ${colors.length} numbers, expected one, or ${channels}.`);
}
