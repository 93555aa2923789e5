import { checkArguments, checkOptions } from "@pellucid/core-train";
import type { Dataset } from "@pellucid/core-train";
import { checkItem } from "../rows.ts";
import { type ImageShape, type LabeledImage, LabeledImages } from "../labeled-images.ts";
import type { Splits } from "../splits.ts";
import type { ShapeClass } from "./outlines.ts";
import { rngOf } from "./rng-of.ts";
import { drawScene, type SceneSettings } from "./scene.ts";
import { settingsOf, type ShapesOptions } from "./shapes-options.ts";

export interface ShapeImagesOptions extends ShapesOptions {
  /** What is drawn; `nothing` is a background without a shape. Default: circle, square and triangle. */
  readonly classes?: readonly (ShapeClass | "nothing")[];
}

/** Images of one shape, drawn when they are asked for. */
export class ShapeImages implements Dataset<LabeledImage<Float32Array>> {
  readonly length: number;
  /** The name of each label. */
  readonly classes: readonly string[];
  readonly #seed: number;
  readonly #part: number;
  readonly #settings: readonly SceneSettings[];

  /** @param settings those of each class */
  constructor(
    length: number,
    classes: readonly string[],
    seed: number,
    part: number,
    settings: readonly SceneSettings[],
  ) {
    checkArguments("ShapeImages", {
      "text[]": { classes },
      "{ height, width, objects, classes }[]": { settings },
    });
    this.length = length;
    this.classes = classes;
    this.#seed = seed;
    this.#part = part;
    this.#settings = settings;
  }

  /** The size of an image: `[height, width, 3]`. */
  get shape(): ImageShape {
    const { height, width } = this.#settings[0] as SceneSettings;
    return [height, width, 3];
  }

  /** Image `index` with its class: always the same for this seed, and new arrays each time. Pixels are from 0 to 1. */
  get(index: number): LabeledImage<Float32Array> {
    checkItem(index, this.length);
    const rng = rngOf(this.#seed, this.#part, index);
    const y = rng.uint32() % this.#settings.length;
    return { x: drawScene(rng, this.#settings[y] as SceneSettings).image, y };
  }

  /** All of them, in memory. */
  load(): LabeledImages<Float32Array> {
    const { length, shape, classes } = this;
    const [height, width] = shape;
    const images = new Float32Array(length * height * width * 3);
    const labels = new Int32Array(length);
    for (let i = 0; i < length; i++) {
      const { x, y } = this.get(i);
      images.set(x.data, i * x.data.length);
      labels[i] = y;
    }
    return new LabeledImages(
      { data: images, shape: [length, ...shape] },
      { data: labels, shape: [length] },
      { name: "shapes", classes, max: 1, mean: [0.24, 0.24, 0.24], std: [0.17, 0.17, 0.17] },
    );
  }
}

/**
 * Images of one colored shape each, for classification: which shape is it? With `nothing` among the classes: is there one?
 *
 * They are drawn when asked for, and image `i` is a pure function of `(seed, i)`.
 */
export function shapeImages(options: ShapeImagesOptions): Splits<ShapeImages> {
  checkOptions("shapeImages", options, [
    "classes",
    "seed",
    "train",
    "test",
    "size",
    "background",
    "turn",
    "contrast",
    "edges",
    "noise",
  ]);
  const { classes = ["circle", "square", "triangle"], ...rest } = options;
  const settings = classes.map((name) =>
    name === "nothing"
      ? settingsOf("shapeImages", { ...rest, objects: [0, 0] })
      : settingsOf("shapeImages", { ...rest, objects: [1, 1], classes: [name] }),
  );
  const { train, test } = settings[0] ?? settingsOf("shapeImages", { ...rest, classes: [] });
  return {
    train: new ShapeImages(train, classes, options.seed, 0, settings),
    test: new ShapeImages(test, classes, options.seed, 1, settings),
  };
}
