import {
  type Color,
  differenceCiede2000,
  filterDeficiencyDeuter,
  filterDeficiencyProt,
  filterDeficiencyTrit,
  lab65,
  parse,
  wcagContrast,
} from "culori";
import { expect, test } from "vitest";
import { classColors, colorTable, type Rgb } from "./color-map.ts";

/** What eyes see: with all cones, and without those for long, middle and short waves (Machado, Oliveira and Fernandes, 2009). */
const eyes: Readonly<Record<string, (color: Color) => Color>> = {
  "all cones": (color) => color,
  "no long waves": filterDeficiencyProt(1),
  "no middle waves": filterDeficiencyDeuter(1),
  "no short waves": filterDeficiencyTrit(1),
};

const difference = differenceCiede2000();
const apart = (a: Color | undefined, b: Color | undefined) => difference(a as Color, b as Color);
const colorOf = ([r, g, b]: Rgb): Color => ({ mode: "rgb", r: r / 255, g: g / 255, b: b / 255 });
const lightness = (color: Color | undefined) => lab65(color as Color).l;

test.each(Object.keys(eyes))("ten classes are distinct with %s", (name) => {
  const seen = classColors.map((color) => eyes[name]?.(parse(color) as Color));
  const least = Math.min(...seen.flatMap((a, i) => seen.slice(0, i).map((b) => apart(a, b))));
  expect(least).toBeGreaterThan(10.9); // 2.3 can just be noticed
});

test("they are seen on white and on black", () => {
  for (const color of classColors)
    for (const ground of ["#fff", "#121212"]) expect(wcagContrast(color, ground)).toBeGreaterThan(2);
});

test.each(Object.keys(eyes))("more is lighter with %s, in every map of amounts", (name) => {
  for (const map of ["viridis", "cividis", "magma", "gray"] as const) {
    const seen = colorTable(map)
      .filter((_, i) => i % 5 === 0)
      .map((color) => lightness(eyes[name]?.(colorOf(color))));
    seen.slice(1).forEach((light, i) => expect(light, `${map} ${i}`).toBeGreaterThan(seen[i] as number));
  }
});

test.each(Object.keys(eyes))("less and more than 0 are distinct with %s, and 0 is the lightest", (name) => {
  const seen = colorTable("blueRed").map((color) => eyes[name]?.(colorOf(color)));
  for (let i = 0; i < 110; i++) expect(apart(seen[i], seen[255 - i]), `${i}`).toBeGreaterThan(5);
  const light = seen.map(lightness);
  for (let i = 5; i < 256; i += 5) {
    const rises = (light[i] as number) > (light[i - 5] as number);
    if (Math.abs(i - 130) > 5) expect(rises, `${i}`).toBe(i < 130);
  }
});
