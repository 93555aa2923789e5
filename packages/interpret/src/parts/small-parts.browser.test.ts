import {
  classColor,
  classColors,
  colorBar,
  colorScale,
  paintHeatmap,
  paintPicture,
} from "@pellucid/interpret/draw";
import {
  colorAt,
  definePart,
  onTheme,
  paintCells,
  paintInk,
  paintOver,
  paintSigned,
  Part,
  plainText,
  signedColor,
} from "@pellucid/interpret/parts";
import { expect, test, vi } from "vitest";
import { colorTable } from "../draw/color-map.ts";

const canvas = () => document.createElement("canvas");
const pixels = (painted: HTMLCanvasElement): number[] => [
  ...(painted.getContext("2d")?.getImageData(0, 0, painted.width, painted.height).data ?? []),
];
const [red, blue, ink] = [
  [255, 0, 0],
  [0, 0, 255],
  [0, 0, 0],
] as const;

test("a picture has a pixel for each of its numbers", () => {
  const painted = canvas();
  paintPicture(painted, { data: Float32Array.of(1, 0, 0, 0, 1, 0), shape: [1, 2, 3] });
  expect(pixels(painted)).toEqual([255, 0, 0, 255, 0, 255, 0, 255]);
});

test("a heatmap leaves out what is not a number", () => {
  const painted = canvas();
  const values = { data: Float32Array.of(0, 1, Number.NaN), shape: [1, 3] };
  paintHeatmap(painted, values, colorScale(values.data));
  const [low, high] = [colorTable("viridis")[0] ?? [], colorTable("viridis")[255] ?? []];
  expect(pixels(painted)).toEqual([...low, 255, ...high, 255, 0, 0, 0, 0]);
});

test("a color bar says from where to where it goes", () => {
  const bar = colorBar(colorScale([-2, 1]));
  expect(bar.getAttribute("aria-label")).toBe("Colors from −2 to 2");
});

test("the eleventh class has the color of the first", () => {
  expect(classColor(10)).toBe(classColors[0]);
});

test("cells are painted over what is below", () => {
  const painted = canvas();
  paintCells(painted, 1, 2, (i) => [i === 0 ? 255 : 0, 0, 0, 255]);
  expect(pixels(painted)).toEqual([255, 0, 0, 255, 0, 0, 0, 255]);
});

test("the further from 0, the more color", () => {
  const painted = canvas();
  paintSigned(painted, { values: [1, -2, 0], height: 1, width: 3 }, 2, [red, blue]);
  expect(pixels(painted).filter((_, i) => i % 4 === 3)).toEqual([128, 255, 0]);
  expect(signedColor(-1, 2)).toBe("color-mix(in srgb, var(--minus) 50%, transparent)");
});

test("ink is as opaque as its number", () => {
  const painted = canvas();
  paintInk(painted, { values: [0, 1], height: 1, width: 2 }, ink);
  expect(pixels(painted).filter((_, i) => i % 4 === 3)).toEqual([0, 255]);
});

test("a map in color lies over a pale drawing", () => {
  const painted = canvas();
  paintOver(painted, [1, 1], { values: [1, 0], height: 1, width: 2 }, 1, [red, blue, ink]);
  const [first, second] = [pixels(painted).slice(0, 4), pixels(painted).slice(4)];
  expect(first).toEqual([255, 0, 0, 255]);
  expect(second[3]).toBe(Math.round(0.22 * 255));
});

test("a custom element repaints when the theme changes, and knows its colors", async () => {
  const repaint = vi.fn();
  definePart(
    "pellucid-dot-for-a-test",
    class extends Part {
      constructor() {
        super("");
      }
      protected repaint(): void {
        repaint(colorAt(this, "ink"));
      }
    },
  );
  const dot = document.createElement("pellucid-dot-for-a-test");
  document.body.replaceChildren(dot);
  expect(repaint).toHaveBeenCalledTimes(1);
  document.documentElement.style.colorScheme = "dark";
  await expect.poll(() => repaint.mock.calls.length).toBe(2);
  expect(repaint.mock.calls[1]).not.toEqual(repaint.mock.calls[0]);
  document.documentElement.style.colorScheme = "";
  dot.remove();
});

test("what follows the theme can stop", async () => {
  const repaint = vi.fn();
  const stop = onTheme(repaint);
  document.documentElement.style.colorScheme = "dark";
  await expect.poll(() => repaint.mock.calls.length).toBe(1);
  stop();
  document.documentElement.style.colorScheme = "";
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(repaint).toHaveBeenCalledTimes(1);
});

test("a text of an address has at most so many letters", () => {
  const { read, write } = plainText(3);
  expect([read("abc"), read("abcd"), write("abc")]).toEqual(["abc", undefined, "abc"]);
});
