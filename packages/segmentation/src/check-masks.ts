import { checkOptions, checkSizes, type HostTensor } from "@pellucid/core-train";
import { MaskError } from "./mask-error.ts";
import { ignoredLabel } from "./ignored-label.ts";

/** Options for {@link checkMasks}. */
export interface CheckMasksOptions {
  /** The label of pixels that do not count. Default: 255, PASCAL VOC's border. */
  readonly ignoreIndex?: number;
  /** The images of the masks, in the same order, whose sizes must be those of the masks. */
  readonly images?: readonly { readonly shape: readonly number[] }[];
}

/** What is in masks that are right. */
export interface MaskSummary {
  /** Pixels of each class. */
  readonly counts: readonly number[];
  /** Pixels that do not count. */
  readonly ignored: number;
  /** Classes without a pixel: a model can only learn not to predict them. */
  readonly absent: readonly number[];
  /**
   * Weights for a loss in which each class counts the same: the median frequency divided by the class's, 0 for absent ones. Eigen and Fergus, 2015, section 6.3.2.
   */
  readonly weights: readonly number[];
}

/**
 * Looks through all masks before training, for what otherwise shows as a model that predicts only background, a Dice above 1, or a loss of NaN: colors or 0 and 255 in place of class
 * numbers, classes numbered from 1, values blurred by interpolation, sizes other than the images'.
 *
 * @param masks `[height, width]` or `[height, width, 1]` class numbers from 0 on
 * @throws {MaskError} the first mask that is wrong, what it has, and how to fix it
 */
export function checkMasks(
  masks: readonly HostTensor[],
  classes: number,
  options: CheckMasksOptions = {},
): MaskSummary {
  checkSizes("checkMasks", { classes });
  checkOptions("checkMasks", options, ["ignoreIndex", "images"]);
  const { images } = options;
  const ignoreIndex = ignoredLabel("checkMasks", classes, options.ignoreIndex);
  if (masks.length === 0) throw new MaskError("checkMasks: there are no masks.");
  if (images !== undefined && images.length !== masks.length)
    throw new MaskError(`checkMasks: ${masks.length} masks for ${images.length} images. Pair them by name.`);
  const counts = new Array<number>(classes).fill(0);
  let ignored = 0;
  for (const [i, mask] of masks.entries()) {
    checkLayout(i, mask, images?.[i]);
    for (const value of mask.data) {
      if (value === ignoreIndex) ignored++;
      else if (counts[value] !== undefined) counts[value]++;
      else throw wrongValues(i, mask, classes, ignoreIndex);
    }
    const values = valuesOf(mask, 3);
    if (
      classes === 2 &&
      ignoreIndex === 255 &&
      values.includes(255) &&
      !values.includes(1) &&
      values.length <= 2
    )
      throw wrongValues(i, mask, classes, ignoreIndex);
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) throw new MaskError(`checkMasks: every pixel is ${ignoreIndex}, which is ignored.`);
  return {
    counts,
    ignored,
    absent: counts.flatMap((count, label) => (count === 0 ? [label] : [])),
    weights: medianWeights(counts),
  };
}

function checkLayout(
  i: number,
  { data, shape }: HostTensor,
  image: { readonly shape: readonly number[] } | undefined,
): void {
  const is = `checkMasks: mask ${i} is [${shape.join(", ")}]`;
  const [height = 0, width = 0, channels = 1] = shape;
  if (shape.length === 3 && channels > 1)
    throw new MaskError(
      `${is}: a picture of ${channels} channels, expected class numbers [height, width]. If each class has its color, use maskFromColors.`,
    );
  if (shape.length < 2 || shape.length > 3) throw new MaskError(`${is}, expected [height, width].`);
  if (height * width === 0) throw new MaskError(`${is} and has no pixels.`);
  if (data.length !== height * width) throw new MaskError(`${is} but has ${data.length} numbers.`);
  if (image !== undefined && (image.shape[0] !== height || image.shape[1] !== width))
    throw new MaskError(
      `${is}, but its image [${image.shape.join(", ")}]. Give both the same size, the mask by resizeMask, which mixes no classes.`,
    );
}

function wrongValues(i: number, mask: HostTensor, classes: number, ignoreIndex: number): MaskError {
  const values = valuesOf(mask, 12);
  const listed = values.slice(0, 10).join(", ") + (values.length > 10 ? ", …" : "");
  const expected = `expected classes from 0 to ${classes - 1}, or ${ignoreIndex} for pixels to ignore`;
  return new MaskError(
    `checkMasks: mask ${i} has the values ${listed}, ${expected}. ${adviceOn(values, classes)}`,
  );
}

function adviceOn(values: readonly number[], classes: number): string {
  const high = values.at(-1) ?? 0;
  if (values.some((value) => Number.isNaN(value))) return "NaN is not a class: look at the file.";
  if (values.length <= 2 && values.every((value) => value === 0 || value === 255))
    return "It is black and white: remapMask(mask, [0, 255]) makes 0 and 1 of it.";
  if (values.some((value) => !Number.isInteger(value)))
    return high <= 1
      ? "It was divided by its highest value: use the numbers as they are in the file."
      : "It was resized by interpolation, which mixes classes: use resizeMask.";
  if (values.every((value) => value >= 1 && value <= classes))
    return "Its classes are numbered from 1: subtract 1.";
  if (high === classes)
    return `There are ${classes + 1} values: is the background a class of its own? Then pass ${classes + 1} classes.`;
  return "remapMask(mask, values) numbers the values that occur, valuesOfMasks(masks) lists them.";
}

/** The first different values of a mask, in order. */
function valuesOf({ data }: HostTensor, most: number): number[] {
  const found = new Set<number>();
  for (const value of data) if (found.size < most) found.add(value);
  return [...found].toSorted((a, b) => a - b);
}

function medianWeights(counts: readonly number[]): number[] {
  const present = counts.filter((count) => count > 0).toSorted((a, b) => a - b);
  const middle = present.length / 2;
  const low = present[Math.ceil(middle) - 1] ?? NaN;
  const high = present[Math.floor(middle)] ?? low;
  return counts.map((count) => (count === 0 ? 0 : (low + high) / 2 / count));
}
