import { expect, test } from "vitest";
import { colorTable } from "./color-map.ts";
import { colorOf, colorScale } from "./color-scale.ts";
import { short } from "./short.ts";

/** Relative luminance, IEC 61966-2-1. */
const luminance = (color: readonly number[]) =>
  [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
    const part = (color[i] as number) / 255;
    return sum + weight * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  }, 0);

test.for(["viridis", "cividis", "magma", "gray"] as const)("%s gets lighter from end to end", (name) => {
  const lights = colorTable(name).map(luminance);
  for (let i = 4; i < 256; i += 4) expect(lights[i]).toBeGreaterThan(lights[i - 4] as number);
});

test("a signed scale has 0 in its middle, in nearly white", () => {
  const scale = colorScale([-1, 4]);
  expect(scale).toEqual({ low: -4, high: 4, colors: "blueRed", signed: true });
  expect(Math.min(...(colorOf(scale, 0) ?? []))).toBeGreaterThan(230);
  const [red, , blue] = colorOf(scale, -4) ?? [0, 0, 0];
  expect(blue).toBeGreaterThan(red);
});

test("amounts start at 0; a scale of several maps reaches to the largest of all", () => {
  expect(colorScale([2, 3])).toMatchObject({ low: 0, high: 3, colors: "viridis" });
  expect(colorScale([[1, 2], Float32Array.of(7)])).toMatchObject({ low: 0, high: 7 });
  expect(colorScale([1], { limit: 5 })).toMatchObject({ high: 5 });
});

test("what is not finite does not stretch a scale, and what is not a number has no color", () => {
  const scale = colorScale([1, NaN, Infinity]);
  expect(scale.high).toBe(1);
  expect(colorOf(scale, NaN)).toBeNull();
  expect(colorOf(scale, Infinity)).toEqual(colorOf(scale, 1));
  expect(colorScale([0, 0]).high).toBe(1);
});

test("numbers are written with three digits that count", () => {
  expect([0, 1.23456, -0.5, 123456, 0.00001].map(short)).toEqual(["0", "1.23", "−0.5", "1.2e+5", "1.0e-5"]);
});
