import { expect, test } from "vitest";
import { mosaic } from "./mosaic.ts";

const images = { data: Float32Array.of(1, 0.4, 0.2, 0.6), shape: [2, 1, 2, 1] };

test("each picture is in its cell, with black around", () => {
  const cells = [
    { row: 1, column: 0 },
    { row: 0, column: 1 },
  ];
  const canvas = mosaic(images, cells, { title: "Two" }).querySelector("canvas") as HTMLCanvasElement;
  expect([canvas.width, canvas.height]).toEqual([5, 3]);
  const { data } = (canvas.getContext("2d") as CanvasRenderingContext2D).getImageData(0, 0, 5, 3);
  const reds = Array.from({ length: 15 }, (_, i) => data[4 * i]);
  expect(reds).toEqual([0, 0, 0, 51, 153, 0, 0, 0, 0, 0, 255, 102, 0, 0, 0]);
});

test("a cell is asked for each picture", () => {
  expect(() => mosaic(images, [{ row: 0, column: 0 }], { title: "One" })).toThrow(
    "mosaic: cells is 1, expected 2, one a picture",
  );
});
