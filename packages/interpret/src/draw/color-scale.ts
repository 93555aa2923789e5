import { OptionError } from "@pellucid/core-train";
import { type ColorMapName, colorTable, type Rgb } from "./color-map.ts";

/** From numbers to colors. */
export interface ColorScale {
  readonly low: number;
  readonly high: number;
  readonly colors: ColorMapName;
  /** Whether 0 is the middle. */
  readonly signed: boolean;
}

/** Options for {@link colorScale}. */
export interface ColorScaleOptions {
  /** Whether 0 is the middle of the scale and both sides are as long. Default: whether any number is below 0. */
  readonly signed?: boolean;
  /** Default: `"blueRed"` for signed numbers, else `"viridis"`. */
  readonly colors?: ColorMapName;
  /** The largest size of a number, if it is not to be read off the numbers: to show several maps on one scale. */
  readonly limit?: number;
}

/**
 * One scale for all the numbers given: give those of one unit, of one layer, of a model or of several methods, and that is its scope. A signed
 * scale reaches as far below 0 as above; one for amounts starts at 0. Numbers that are not finite do not count.
 */
export function colorScale(
  values: ArrayLike<number> | readonly ArrayLike<number>[],
  options: ColorScaleOptions = {},
): ColorScale {
  let [smallest, largest] = [0, 0];
  for (const all of isNested(values) ? values : [values]) {
    for (let i = 0; i < all.length; i++) {
      const value = all[i] ?? NaN;
      if (!Number.isFinite(value)) continue;
      smallest = Math.min(smallest, value);
      largest = Math.max(largest, value);
    }
  }
  if (options.limit !== undefined && !(options.limit > 0 && Number.isFinite(options.limit)))
    throw new OptionError("colorScale", "limit", options.limit, "a finite number above 0");
  const { signed = smallest < 0, colors = signed ? "blueRed" : "viridis" } = options;
  const reach = options.limit ?? (Math.max(signed ? -smallest : 0, largest) || 1);
  return { low: signed ? -reach : 0, high: reach, colors, signed };
}

/** The color of a number; beyond the ends, that of the end. What is not a number has none. */
export function colorOf({ low, high, colors }: ColorScale, value: number): Rgb | null {
  if (Number.isNaN(value)) return null;
  const index = Math.round(((value - low) / (high - low)) * 255);
  return colorTable(colors)[Math.min(255, Math.max(0, index))] as Rgb;
}

function isNested(
  values: ArrayLike<number> | readonly ArrayLike<number>[],
): values is readonly ArrayLike<number>[] {
  return Array.isArray(values) && typeof values[0] !== "number";
}
