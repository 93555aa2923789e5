import { expect, test } from "vitest";
import { imageGrid, type ImageGridOptions } from "./image-grid.ts";

/** Two maps of one shape, the second a hundred times as strong, and one of nothing. */
const maps = { data: Float32Array.of(1, 0.5, 0.25, 0, 100, 50, 25, 0, 0, 0, 0, 0), shape: [3, 2, 2] };

/** The colors of the cells of each map. */
function cellsOf(options: Partial<ImageGridOptions>): string[] {
  const drawn = imageGrid(maps, { title: "Maps", columns: 3, ...options });
  const canvas = drawn.querySelector("canvas") as HTMLCanvasElement;
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  return [0, 3, 6].map((left) => Array.from(context.getImageData(left, 0, 2, 2).data).join());
}

test("on one scale a weak map is dark, each by itself it looks like a strong one", () => {
  const [weak, strong] = cellsOf({});
  expect(weak).not.toBe(strong);
  const [alone, itself, nothing] = cellsOf({ scope: "unit" });
  expect(alone).toBe(itself);
  expect(itself).toBe(strong);
  expect(new Set(nothing?.match(/(\d+,\d+,\d+,\d+)/g)).size).toBe(1);
});

test("the title says that maps cannot be compared", () => {
  const title = (options: Partial<ImageGridOptions>) =>
    imageGrid(maps, { title: "Maps", ...options }).querySelector("figcaption")?.textContent;
  expect(title({ scope: "unit" })).toBe("Maps, each in shares of its largest");
  expect(title({})).toBe("Maps");
});
