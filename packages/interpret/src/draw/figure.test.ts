import { expect, test } from "vitest";
import { allZero } from "./all-zero.ts";
import { canvasStyle } from "./canvas-style.ts";
import { checkCanvas, checkColors, checkDrawn, DrawingError } from "./check-drawn.ts";
import { colorScale } from "./color-scale.ts";
import { fileName, json } from "./figure.ts";
import { visible } from "./tokens.ts";

test("JSON names what it has no numbers for", () => {
  expect(JSON.parse(json({ a: Float32Array.of(1, NaN, Infinity), b: [-Infinity, 0] }))).toEqual({
    a: [1, "NaN", "Infinity"],
    b: ["-Infinity", 0],
  });
});

test("a file's name keeps letters of any script", () => {
  expect(fileName("숫자 3의 지도", "PNG")).toBe("숫자-3의-지도.png");
  expect(fileName("a/b:\u0000c", "JSON")).toBe("a-b-c.json");
  expect(fileName("…", "SVG")).toBe("drawing.svg");
});

test("a row of 10,000 cells can be seen, and a column of them is no longer than a page", () => {
  expect(canvasStyle(256, 1, 10_000)).toContain("height:12px");
  expect(canvasStyle(256, 10_000, 1)).toContain("height:1024px");
  expect(canvasStyle(256, 28, 28)).toBe("width:256px;max-width:100%;aspect-ratio:28/28");
});

test("what cannot be drawn is refused with what to do", () => {
  expect(() => checkDrawn("heatmap", { data: [], shape: [0, 5] }, ["height", "width"])).toThrow(
    new DrawingError(
      "heatmap: got nothing of shape [0, 5], expected [height, width] with one number at least.",
    ),
  );
  expect(() => checkColors("picture", { data: [1, 0, 0, 1], shape: [1, 1, 4] })).toThrow(
    "picture: got 4 colors, expected 1 (gray) or 3 (red, green, blue). Leave the opacity of RGBA out.",
  );
  expect(() => checkColors("picture", { data: [0, 128, 255], shape: [1, 1, 3] })).toThrow(
    "picture: got integers up to 255, expected colors from 0 to 1. Divide bytes by 255.",
  );
  checkColors("picture", { data: [0, 1, 1.2], shape: [1, 1, 3] });
  expect(() => checkCanvas("heatmap", 1, 20_000)).toThrow("16384 at most along each side");
  for (const limit of [0, -1, NaN, Infinity])
    expect(() => colorScale([1, 2], { limit })).toThrow("colorScale: limit is");
});

test("numbers that are all zero are reported, and control characters are visible", () => {
  expect([allZero([0, -0, 0]), allZero([0, 1e-9]), allZero([NaN])]).toEqual(["; all zero", "", ""]);
  expect(visible("a\u0007 b\n\t\u007f")).toBe("a␇␣b⏎␉␡");
});
