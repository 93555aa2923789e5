import {
  adjustBrightnessImage,
  adjustHueImage,
  affineImage,
  colorJitter,
  cropImage,
  cutMix,
  elasticImage,
  elasticTransform,
  type Image,
  LabelError,
  mixUp,
  OptionError,
  padImage,
  perspectiveImage,
  randomAffine,
  randomCrop,
  randomErasing,
  randomHorizontalFlip,
  randomPerspective,
  randomResizedCrop,
  randomRotation,
  resizeImage,
  rotateImage,
  Rng,
  ShapeError,
} from "@pellucid/core-train";
import { expect, test } from "vitest";

const image: Image = { data: Float32Array.from({ length: 24 }, (_, i) => i / 24), shape: [4, 2, 3] };
const rng = new Rng(0);

test.each<[string, () => unknown, Error]>([
  [
    "a probability",
    () => randomHorizontalFlip({ p: 2 }),
    new OptionError("randomHorizontalFlip", "p", 2, "0 to 1"),
  ],
  ["a size", () => randomCrop([3, 0]), new OptionError("randomCrop", "size", [3, 0], "integers from 1")],
  [
    "a crop that is too large",
    () => randomCrop(5)(image, rng),
    new ShapeError(
      "randomCrop: image is [4, 2, 3] with padding [0, 0], expected at least [5, 5]. See padIfNeeded.",
    ),
  ],
  [
    "a box that sticks out",
    () => cropImage(image, { top: 2, left: 0, height: 3, width: 1 }),
    new ShapeError(
      "cropImage: the box is [3, 1] at [2, 0], expected it within image [4, 2, 3]. Pad the image first.",
    ),
  ],
  [
    "a padding",
    () => padImage(image, { top: -1, bottom: 0, left: 0, right: 0 }),
    new OptionError("padImage", "padding", "[-1, 0, 0, 0]", "0 or more"),
  ],
  [
    "a scale",
    () => randomResizedCrop(2, { scale: [0.9, 0.5] }),
    new OptionError("randomResizedCrop", "scale", "[0.9, 0.5]", "two rising numbers from 0"),
  ],
  [
    "a number of fills",
    () => rotateImage(image, 5, { fill: [1, 2] }),
    new ShapeError("affineImage: fill has 2 numbers, expected one, or 3."),
  ],
  [
    "an affine scale",
    () => affineImage(image, { scale: 0 }),
    new OptionError("affineImage", "scale", 0, "a number above 0"),
  ],
  [
    "a translation",
    () => randomAffine(0, { translate: [0, 2] }),
    new OptionError("randomAffine", "translate", [0, 2], "parts from 0 to 1"),
  ],
  [
    "a distortion",
    () => randomPerspective({ distortionScale: 2 }),
    new OptionError("randomPerspective", "distortionScale", 2, "0 to 1"),
  ],
  [
    "corners on a line",
    () =>
      perspectiveImage(
        image,
        [
          [0, 0],
          [1, 0],
          [1, 3],
          [0, 3],
        ],
        [
          [0, 0],
          [0, 0],
          [0, 0],
          [0, 0],
        ],
      ),
    new ShapeError("perspectiveImage: three of the corners lie on a line, expected a quadrilateral."),
  ],
  [
    "a displacement",
    () => elasticImage(image, image),
    new ShapeError("elasticImage: displacement is [4, 2, 3], expected [4, 2, 2]."),
  ],
  [
    "a sigma",
    () => elasticTransform({ sigma: -1 }),
    new OptionError("elasticTransform", "sigma", -1, "a number of 0 or more"),
  ],
  [
    "a factor",
    () => adjustBrightnessImage(image, -1),
    new OptionError("adjustBrightnessImage", "factor", -1, "0 or more"),
  ],
  [
    "a hue",
    () => adjustHueImage(image, 0.6),
    new OptionError("adjustHueImage", "factor", 0.6, "-0.5 to 0.5"),
  ],
  [
    "an amount of hue",
    () => colorJitter({ hue: 0.6 }),
    new OptionError("colorJitter", "hue", "[0.6, 0.6]", "two rising numbers from 0 to 0.5"),
  ],
  [
    "channels",
    () => adjustBrightnessImage({ data: new Float32Array(2), shape: [1, 1, 2] }, 1),
    new ShapeError("adjustBrightnessImage: image has 2 channels, expected 1 or 3."),
  ],
  [
    "an area",
    () => randomErasing({ scale: [0, 2] }),
    new OptionError("randomErasing", "scale", "[0, 2]", "two rising numbers from 0 to 1"),
  ],
  [
    "an image",
    () => resizeImage({ data: new Float32Array(3), shape: [1, 1, 1] }, 2),
    new ShapeError("resizeImage: image is [1, 1, 1] with 3 numbers, expected [height, width, channel]."),
  ],
  ["an alpha", () => mixUp({ alpha: 0 }), new OptionError("mixUp", "alpha", 0, "a number above 0")],
])("refuses %s", (_, wrong, error) => {
  expect(wrong).toThrow(error);
});

test("mixing says what is wrong with the labels", () => {
  const x = { data: new Float32Array(8), shape: [2, 2, 2, 1] } as const;
  const y = { data: Int32Array.of(0, 3), shape: [2] };
  expect(() => mixUp()({ x, y }, rng)).toThrow(
    new OptionError("mixUp", "classes", undefined, "the number of classes, since y has labels"),
  );
  expect(() => cutMix({ classes: 3 })({ x, y }, rng)).toThrow(
    new LabelError("cutMix: y[1] is 3, expected a class from 0 to 2."),
  );
  expect(() => mixUp({ classes: 3 })({ x, y: { data: Int32Array.of(0), shape: [1] } }, rng)).toThrow(
    new ShapeError("mixUp: y is [1], expected [2] or [2, class]."),
  );
  expect(() => mixUp()({ x: { ...x, data: new Uint8Array(8) }, y }, rng)).toThrow(
    new ShapeError(
      "mixUp: x is Uint8Array [2, 2, 2, 1], expected { x, y } with images [batch, height, width, channel] of float32. See toFloat.",
    ),
  );
});

test("no turn, shift, scale or shear changes nothing", () => {
  expect(affineImage(image, { interpolation: "bilinear" })).toBeAllclose(image.data);
  expect(randomRotation(0)(image, rng)).toBeAllclose(image.data);
});

test("an image smaller than its bell is warped too", () => {
  expect(elasticTransform()(image, rng).data.every(Number.isFinite)).toBe(true);
});

test("a shear makes a parallelogram: rows move in proportion to their distance from the middle", () => {
  const column: Image = {
    data: Float32Array.from({ length: 15 }, (_, i) => (i % 5 === 2 ? 1 : 0)),
    shape: [3, 5, 1],
  };
  const { data } = affineImage(column, { shear: [45, 0] });
  expect([...data]).toEqual([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]);
});
