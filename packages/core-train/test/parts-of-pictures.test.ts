import {
  adjustContrastImage,
  adjustSaturationImage,
  eraseImage,
  horizontalFlipImage,
  type Image,
  verticalFlipImage,
} from "@pellucid/core-train";
import { expect, test } from "vitest";

const gray: Image = { data: Float32Array.of(0, 0.25, 0.5, 1), shape: [2, 2, 1] };
const orange: Image = { data: Float32Array.of(1, 0.5, 0), shape: [1, 1, 3] };

test("a mirror swaps left and right", () => {
  expect([...horizontalFlipImage(gray).data]).toEqual([0.25, 0, 1, 0.5]);
});

test("upside down swaps the rows", () => {
  expect([...verticalFlipImage(gray).data]).toEqual([0.5, 1, 0, 0.25]);
});

test("a rectangle is erased, and what lies outside is left out", () => {
  const box = { top: 1, left: 0, height: 5, width: 1 };
  expect([...eraseImage(gray, box, 0.75).data]).toEqual([0, 0.25, 0.75, 1]);
});

test("half the contrast is half way to the mean", () => {
  const mean = 0.4375;
  const { data } = adjustContrastImage(gray, 0.5);
  expect(data).toBeAllclose([0, 0.25, 0.5, 1].map((x) => (x + mean) / 2));
});

test("without saturation a color is as gray as it is bright", () => {
  const bright = 0.2989 + 0.587 / 2; // torchvision's weights of red and green
  expect(adjustSaturationImage(orange, 0).data).toBeAllclose([bright, bright, bright]);
  expect(adjustSaturationImage(orange, 1).data).toBeAllclose(orange.data);
});
