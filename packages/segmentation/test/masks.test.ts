// Masks as people have them: each mistake is found before training and named with its fix.
import { OptionError, ShapeError } from "@pellucid/core-train";
import {
  checkMasks,
  maskFromColors,
  MaskError,
  remapMask,
  resizeMask,
  valuesOfMasks,
} from "@pellucid/segmentation";
import { mutations } from "@pellucid/testing";
import { describe, expect, test } from "vitest";

const mask = (data: number[], shape: number[] = [2, data.length / 2]) => ({
  data: data.some((value) => !Number.isInteger(value)) ? Float32Array.from(data) : Int32Array.from(data),
  shape,
});

test("masks that fit are counted, and weights make classes equal", () => {
  const summary = checkMasks([mask([0, 0, 0, 1]), mask([0, 0, 255, 1], [2, 2, 1])], 3, {
    images: [{ shape: [2, 2, 3] }, { shape: [2, 2, 1] }],
  });
  expect(summary).toEqual({ counts: [5, 2, 0], ignored: 1, absent: [2], weights: [0.7, 1.75, 0] });
});

describe("what is wrong is named, and how to fix it:", () => {
  const wrong: [title: string, masks: Parameters<typeof checkMasks>[0], classes: number, message: string][] =
    [
      [
        "black and white",
        [mask([0, 255, 0, 255])],
        2,
        "checkMasks: mask 0 has the values 0, 255, expected classes from 0 to 1, or 255 for pixels to ignore. It is black and white: remapMask(mask, [0, 255]) makes 0 and 1 of it.",
      ],
      ["only white", [mask([255, 255, 255, 255])], 2, "It is black and white"],
      [
        "classes numbered from 1",
        [mask([1, 2, 3, 3])],
        3,
        "checkMasks: mask 0 has the values 1, 2, 3, expected classes from 0 to 2, or 255 for pixels to ignore. Its classes are numbered from 1: subtract 1.",
      ],
      [
        "one class too few",
        [mask([0, 1, 2, 3])],
        3,
        "There are 4 values: is the background a class of its own? Then pass 4 classes.",
      ],
      [
        "gray values",
        [mask([0, 38, 75, 113])],
        4,
        "checkMasks: mask 0 has the values 0, 38, 75, 113, expected classes from 0 to 3, or 255 for pixels to ignore. remapMask(mask, values) numbers",
      ],
      [
        "interpolated",
        [mask([0, 1.5, 2, 0])],
        3,
        "checkMasks: mask 0 has the values 0, 1.5, 2, expected classes from 0 to 2, or 255 for pixels to ignore. It was resized by interpolation, which mixes classes: use resizeMask.",
      ],
      ["divided by 255", [mask([0, 0.00390625, 1, 0])], 3, "It was divided by its highest value"],
      ["NaN", [mask([0, Number.NaN, 0, 0])], 2, "NaN is not a class"],
      [
        "colors",
        [mask(new Array<number>(12).fill(0), [2, 2, 3])],
        2,
        "checkMasks: mask 0 is [2, 2, 3]: a picture of 3 channels, expected class numbers [height, width]. If each class has its color, use maskFromColors.",
      ],
      ["no pixels", [mask([], [0, 2])], 2, "checkMasks: mask 0 is [0, 2] and has no pixels."],
      ["a list of numbers", [mask([0, 1], [2])], 2, "checkMasks: mask 0 is [2], expected [height, width]."],
      ["too few numbers", [mask([0, 1], [2, 2])], 2, "checkMasks: mask 0 is [2, 2] but has 2 numbers."],
      [
        "the second of two",
        [mask([0, 1, 0, 1]), mask([0, 7, 0, 1])],
        2,
        "checkMasks: mask 1 has the values 0, 1, 7",
      ],
      ["no masks", [], 2, "checkMasks: there are no masks."],
      ["only ignored", [mask([255, 255, 255, 255])], 3, "checkMasks: every pixel is 255, which is ignored."],
    ];
  test.each(wrong)("%s", (_, masks, classes, message) => {
    const check = () => checkMasks(masks, classes);
    expect(check).toThrow(MaskError);
    expect(check).toThrow(message);
  });

  test("a mask of another size than its image, and another number of images", () => {
    const masks = [mask([0, 1, 0, 1])];
    expect(() => checkMasks(masks, 2, { images: [{ shape: [4, 4, 3] }] })).toThrow(
      "checkMasks: mask 0 is [2, 2], but its image [4, 4, 3]. Give both the same size, the mask by resizeMask, which mixes no classes.",
    );
    expect(() => checkMasks(masks, 2, { images: [] })).toThrow(
      "checkMasks: 1 masks for 0 images. Pair them by name.",
    );
    expect(() => checkMasks(masks, 0)).toThrow(OptionError);
  });

  test("any change of a byte gives a summary or a typed error", () => {
    const bytes = Uint8Array.from({ length: 16 }, (_, i) => i % 3);
    for (const data of mutations([bytes], 1000)) {
      const check = () => checkMasks([{ data: Int32Array.from(data), shape: [4, 4] }], 3);
      try {
        expect(check().counts.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(16);
      } catch (error) {
        expect(error).toBeInstanceOf(MaskError);
      }
    }
  });
});

test("values are listed and numbered", () => {
  const masks = [mask([0, 255, 7, 7]), mask([9, 0, 0, 0])];
  expect(valuesOfMasks(masks)).toEqual([0, 7, 9, 255]);
  expect([...remapMask(masks[0] as never, [0, 7, 255]).data]).toEqual([0, 2, 1, 1]);
  expect(remapMask(mask([0, 255, 0, 0], [2, 2, 1]), [0, 255]).shape).toEqual([2, 2]);
  expect(() => remapMask(masks[0] as never, [0, 255])).toThrow(
    "remapMask: pixel 2 is 7, expected one of 0, 255.",
  );
});

test("colors become classes, other colors are ignored if asked for", () => {
  const image = mask([0, 0, 0, 128, 0, 0, 0, 128, 0, 1, 2, 3], [2, 2, 3]);
  const colors = [
    [0, 0, 0],
    [128, 0, 0],
    [0, 128, 0],
  ];
  expect([...maskFromColors(image, colors, 255).data]).toEqual([0, 1, 2, 255]);
  expect(() => maskFromColors(image, colors)).toThrow(
    "maskFromColors: pixel 3 has the color 1,2,3, which no class has. Pass ignoreIndex",
  );
  expect(() => maskFromColors(image, [[0, 0]])).toThrow(MaskError);
});

test("a resized mask has the same classes and type", () => {
  const small = { data: Uint8Array.of(1, 2, 3, 4), shape: [2, 2] };
  const large = resizeMask(small, [3, 4]);
  expect(large).toEqual({ data: Uint8Array.of(1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4), shape: [3, 4] });
  expect(() => resizeMask({ data: new Int32Array(0), shape: [0, 2] }, [2, 2])).toThrow(ShapeError);
  expect(() => resizeMask(small, [0, 2])).toThrow(OptionError);
  expect(() => Reflect.apply(resizeMask, null, [small, [2, 2], { mode: "bilinear" }])).toThrow(OptionError);
});
