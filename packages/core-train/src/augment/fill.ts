import { ShapeError } from "../shape-error.ts";

/** What fills places that no pixel covers: one number for all channels, or one for each. */
export type ImageFill = number | readonly number[];

/** The fill of each channel. */
export function fillOf(who: string, fill: ImageFill, channels: number): readonly number[] {
  const colors = typeof fill === "number" ? new Array<number>(channels).fill(fill) : fill;
  if (colors.length === channels) return colors;
  throw new ShapeError(`${who}: fill has ${colors.length} numbers, expected one, or ${channels}.`);
}
