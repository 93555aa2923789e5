import { adjustBrightnessImage } from "./adjust-brightness-image.ts";
import { adjustContrastImage } from "./adjust-contrast-image.ts";
import { adjustHueImage } from "./adjust-hue-image.ts";
import { adjustSaturationImage } from "./adjust-saturation-image.ts";
import type { Augmentation } from "./augmentation.ts";
import { drawUniform } from "./draw-number.ts";
import { checkRange } from "./check-option.ts";
import type { Image } from "./image.ts";
import type { Interval } from "./random-sides.ts";
import { checkOptions } from "../check-options.ts";

/** How much colors change: a number is how far at most to both sides of 1 (of 0 for the hue). Default: not at all. */
export interface ColorJitterOptions {
  readonly brightness?: number | Interval;
  readonly contrast?: number | Interval;
  readonly saturation?: number | Interval;
  /** Up to 0.5. */
  readonly hue?: number | Interval;
}

/** Changes brightness, contrast, saturation and hue at random, in random order, torchvision's `ColorJitter`. */
export function colorJitter(options: ColorJitterOptions): Augmentation {
  checkOptions("colorJitter", options, ["brightness", "contrast", "saturation", "hue"]);
  const { brightness, contrast, saturation, hue } = options;
  const adjustments = [
    { adjust: adjustBrightnessImage, range: around("brightness", brightness, 1) },
    { adjust: adjustContrastImage, range: around("contrast", contrast, 1) },
    { adjust: adjustSaturationImage, range: around("saturation", saturation, 1) },
    { adjust: adjustHueImage, range: around("hue", hue, 0) },
  ];
  return (image, rng) => {
    const order = rng.randperm(4);
    const drawn = adjustments.map(({ adjust, range }) => {
      if (range === null) return (same: Image) => same;
      const factor = drawUniform(range, rng);
      return (current: Image) => adjust(current, factor);
    });
    return [...order].reduce((current, i) => drawn[i]?.(current) ?? current, image);
  };
}

/** The range of a factor, or null if nothing changes. */
function around(name: string, amount: number | Interval | undefined, center: 0 | 1): Interval | null {
  if (amount === undefined) return null;
  const lowest = center === 1 ? 0 : -0.5;
  if (typeof amount === "number")
    checkRange("colorJitter", name, [amount, amount], 0, center === 1 ? Infinity : 0.5);
  const range: Interval =
    typeof amount === "number" ? [Math.max(center - amount, lowest), center + amount] : amount;
  checkRange("colorJitter", name, range, lowest, center === 1 ? Infinity : 0.5);
  return range[0] === center && range[1] === center ? null : range;
}
