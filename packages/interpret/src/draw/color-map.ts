import { rgb } from "d3-color";
import {
  interpolateCividis,
  interpolateGreys,
  interpolateMagma,
  interpolateRdBu,
  interpolateViridis,
} from "d3-scale-chromatic";

/** Colors for amounts: `viridis`, `cividis`, `magma`, `gray`; for signed numbers, with white for 0: `blueRed`. None requires distinguishing red from green. */
export type ColorMapName = "viridis" | "cividis" | "magma" | "gray" | "blueRed";

/** Red, green and blue from 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

const maps: Readonly<Record<ColorMapName, (t: number) => string>> = {
  viridis: interpolateViridis,
  cividis: interpolateCividis,
  magma: interpolateMagma,
  gray: (t) => interpolateGreys(1 - t),
  blueRed: (t) => interpolateRdBu(1 - t),
};

const tables = new Map<ColorMapName, readonly Rgb[]>();

/** The 256 colors of a map, from its lowest to its highest. */
export function colorTable(name: ColorMapName): readonly Rgb[] {
  let table = tables.get(name);
  if (table === undefined) {
    table = Array.from({ length: 256 }, (_, i) => {
      const { r, g, b } = rgb(maps[name](i / 255));
      return [Math.round(r), Math.round(g), Math.round(b)] as const;
    });
    tables.set(name, table);
  }
  return table;
}

/**
 * Ten colors for classes that everyone can distinguish, on white and on black: six of Okabe and Ito's, and four instead of their yellow and
 * black, of which one is not seen on white and the other not on black. They lie 10.9 or more apart (CIEDE2000), for those without one
 * kind of cone too. From the eleventh class on they come again, so classes have a label as well.
 */
export const classColors = [
  "#0072b2",
  "#e69f00",
  "#009e73",
  "#cc79a7",
  "#56b4e9",
  "#d55e00",
  "#606048",
  "#90c078",
  "#a83000",
  "#c0a8a8",
] as const;

/** The color of a class. */
export const classColor = (index: number): string => classColors[index % classColors.length] as string;
