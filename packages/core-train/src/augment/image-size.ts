import { OptionError } from "../option-error.ts";

/** The size of an image: the side of a square, or height and width. */
export type ImageSize = number | readonly [height: number, width: number];

/** Height and width. */
export function heightAndWidth(caller: string, size: ImageSize): readonly [height: number, width: number] {
  const given: unknown = size;
  if (typeof given !== "number" && !Array.isArray(given))
    throw new OptionError(caller, "size", typeof given, "a number, or height and width");
  const [height, width] = typeof size === "number" ? [size, size] : size;
  for (const side of [height, width]) {
    if (!(Number.isInteger(side) && side > 0)) throw new OptionError(caller, "size", size, "integers from 1");
  }
  return [height, width];
}
