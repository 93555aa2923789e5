import { checkArguments, type HostTensor } from "@pellucid/core-train";
import { MaskError } from "./mask-error.ts";

/**
 * The different values of all masks in order: what {@link remapMask} takes to number them.
 *
 * @throws {StructError} for what is not an array of masks
 */
export function valuesOfMasks(masks: readonly HostTensor[]): number[] {
  checkArguments("valuesOfMasks", { "{ data, shape }[]": { masks } });
  const found = new Set<number>();
  for (const { data } of masks) for (const value of data) found.add(value);
  return [...found].toSorted((a, b) => a - b);
}

/**
 * Numbers the values of a mask: a pixel of `values[i]` becomes `i`. `remapMask(mask, [0, 255])` makes classes of a black and white mask.
 *
 * @param mask `[height, width]`, or with a last axis of 1
 * @returns `[height, width]`
 * @throws {MaskError} for a value that is not listed
 * @throws {StructError} for what is not a mask, or values that are not numbers
 */
export function remapMask(mask: HostTensor, values: readonly number[]): HostTensor<Int32Array> {
  checkArguments("remapMask", { "{ data, shape }": { mask }, numbers: { values } });
  const numbers = new Map(values.map((value, i) => [value, i]));
  const data = Int32Array.from(mask.data, (value, i) => {
    const number = numbers.get(value);
    if (number === undefined)
      throw new MaskError(`remapMask: pixel ${i} is ${value}, expected one of ${values.join(", ")}.`);
    return number;
  });
  return { data, shape: mask.shape.slice(0, 2) };
}

/**
 * Makes class numbers of a mask in which each class has its color: a pixel of `colors[i]` becomes `i`.
 *
 * @param image `[height, width, channel]`, channels 0 to 255
 * @param colors by class, as many numbers as there are channels
 * @param ignoreIndex what a pixel of another color becomes; without it, such a pixel is an error
 * @returns `[height, width]`
 * @throws {MaskError} for a color that is not listed
 * @throws {StructError} for what is not an image, or colors that are not numbers
 */
export function maskFromColors(
  image: HostTensor,
  colors: readonly (readonly number[])[],
  ignoreIndex?: number,
): HostTensor<Int32Array> {
  checkArguments("maskFromColors", { "{ data, shape }": { image }, "numbers[]": { colors } });
  const [height = 0, width = 0, channels = 0] = image.shape;
  if (image.shape.length !== 3 || colors.some((color) => color.length !== channels))
    throw new MaskError(
      `maskFromColors: image is [${image.shape.join(", ")}], expected [height, width, channel] and a color of as many numbers for each class.`,
    );
  const numbers = new Map(colors.map((color, i) => [color.join(), i]));
  const data = Int32Array.from({ length: height * width }, (_, i) => {
    const color = image.data.slice(i * channels, (i + 1) * channels).join();
    const number = numbers.get(color) ?? ignoreIndex;
    if (number === undefined)
      throw new MaskError(
        `maskFromColors: pixel ${i} has the color ${color}, which no class has. Pass ignoreIndex to ignore such pixels.`,
      );
    return number;
  });
  return { data, shape: [height, width] };
}
