// torchvision's depths, widths and group widths of its fifteen designs.
import { expect, test } from "vitest";
import { regNetStages } from "./regnet-stages.ts";

type Numbers = readonly number[];
type Row = readonly [name: string, design: Numbers, depths: Numbers, widths: Numbers, groupWidths: Numbers];

const rows: readonly Row[] = [
  ["x400mf", [22, 24, 24.48, 2.54, 16], [1, 2, 7, 12], [32, 64, 160, 400], [16, 16, 16, 16]],
  ["x800mf", [16, 56, 35.73, 2.28, 16], [1, 3, 7, 5], [64, 128, 288, 672], [16, 16, 16, 16]],
  ["x1_6gf", [18, 80, 34.01, 2.25, 24], [2, 4, 10, 2], [72, 168, 408, 912], [24, 24, 24, 24]],
  ["x3_2gf", [25, 88, 26.31, 2.25, 48], [2, 6, 15, 2], [96, 192, 432, 1008], [48, 48, 48, 48]],
  ["x8gf", [23, 80, 49.56, 2.88, 120], [2, 5, 15, 1], [80, 240, 720, 1920], [80, 120, 120, 120]],
  ["x16gf", [22, 216, 55.59, 2.1, 128], [2, 6, 13, 1], [256, 512, 896, 2048], [128, 128, 128, 128]],
  ["x32gf", [23, 320, 69.86, 2.0, 168], [2, 7, 13, 1], [336, 672, 1344, 2520], [168, 168, 168, 168]],
  ["y400mf", [16, 48, 27.89, 2.09, 8], [1, 3, 6, 6], [48, 104, 208, 440], [8, 8, 8, 8]],
  ["y800mf", [14, 56, 38.84, 2.4, 16], [1, 3, 8, 2], [64, 144, 320, 784], [16, 16, 16, 16]],
  ["y1_6gf", [27, 48, 20.71, 2.65, 24], [2, 6, 17, 2], [48, 120, 336, 888], [24, 24, 24, 24]],
  ["y3_2gf", [21, 80, 42.63, 2.66, 24], [2, 5, 13, 1], [72, 216, 576, 1512], [24, 24, 24, 24]],
  ["y8gf", [17, 192, 76.82, 2.19, 56], [2, 4, 10, 1], [224, 448, 896, 2016], [56, 56, 56, 56]],
  ["y16gf", [18, 200, 106.23, 2.48, 112], [2, 4, 11, 1], [224, 448, 1232, 3024], [112, 112, 112, 112]],
  ["y32gf", [20, 232, 115.89, 2.53, 232], [2, 5, 12, 1], [232, 696, 1392, 3712], [232, 232, 232, 232]],
  ["y128gf", [27, 456, 160.83, 2.52, 264], [2, 7, 17, 1], [528, 1056, 2904, 7392], [264, 264, 264, 264]],
];

test.for(rows)("%s", ([, design, depths, widths, groupWidths]) => {
  const [depth, initialWidth, widthIncrement, widthFactor, groupWidth] = design as [
    number,
    number,
    number,
    number,
    number,
  ];
  const stages = regNetStages({ depth, initialWidth, widthIncrement, widthFactor, groupWidth });
  expect(stages.map((stage) => stage.depth)).toEqual(depths);
  expect(stages.map((stage) => stage.width)).toEqual(widths);
  expect(stages.map((stage) => stage.groupWidth)).toEqual(groupWidths);
});

test("a width that is not a multiple of 8 and a factor of 1 are refused", () => {
  const design = { depth: 4, initialWidth: 8, widthIncrement: 8, widthFactor: 2, groupWidth: 8 };
  expect(() => regNetStages({ ...design, initialWidth: 12 })).toThrow("a multiple of 8");
  expect(() => regNetStages({ ...design, widthFactor: 1 })).toThrow("above 1");
});
