import { outlines, type ShapeClass } from "./outlines.ts";
import type { SceneSettings } from "./scene.ts";

/** How images of shapes are drawn. */
export interface ShapesOptions {
  /** What all is drawn from: an integer. Example `i` depends on it and `i` alone. */
  readonly seed: number;
  /** How many images to train on. Default: 600. */
  readonly train?: number;
  /** How many to test on. Default: 150. */
  readonly test?: number;
  /** Pixels: a square's side, or height and width; 16 or more. Default: 64. */
  readonly size?: number | readonly [height: number, width: number];
  /** Default: a texture in two near shades of any color. */
  readonly background?: "plain" | "textured";
  /**
   * How far shapes are turned either way, at most: 0 leaves them upright, at 1 their first corner is no more on top than
   * another. Default: 0.
   */
  readonly turn?: number;
  /** Whether shapes are bright and backgrounds dim, or both of any color, if not of the same. Default: high. */
  readonly contrast?: "high" | "low";
  /**
   * Whether a pixel on a border is of one side, as masks have it, or mixed of both, as a camera has it. Default: sharp.
   */
  readonly edges?: "sharp" | "smooth";
  /** The standard deviation of the noise in each channel, of pixels from 0 to 1. Default: 0.03. */
  readonly noise?: number;
}

/** The options with their defaults, checked. */
export function settingsOf(
  caller: string,
  options: ShapesOptions & Partial<Pick<SceneSettings, "classes" | "objects" | "keypoints" | "visible">>,
): SceneSettings & { readonly train: number; readonly test: number } {
  const {
    seed,
    train = 600,
    test = 150,
    size = 64,
    background = "textured",
    noise = 0.03,
    turn = 0,
    edges = "sharp",
    contrast = "high",
  } = options;
  const {
    classes = ["circle", "square", "triangle"],
    objects = [1, 3],
    keypoints = 12,
    visible = 1,
  } = options;
  const [height, width] = typeof size === "number" ? [size, size] : size;
  const whole = (name: string, value: number, least: number) => {
    if (Number.isSafeInteger(value) && value >= least) return;
    throw new RangeError(`${caller}: ${name} is ${value}, expected an integer of ${least} or more.`);
  };
  whole("seed", seed, 0);
  whole("train", train, 0);
  whole("test", test, 0);
  whole("the height", height, 16);
  whole("the width", width, 16);
  whole("the least of objects", objects[0], 0);
  whole("the most of objects", objects[1], objects[0]);
  whole("keypoints", keypoints, 1);
  whole("the number of classes", classes.length, 1);
  if (!(noise >= 0)) throw new RangeError(`${caller}: noise is ${noise}, expected 0 or more.`);
  if (!(turn >= 0 && turn <= 1))
    throw new RangeError(`${caller}: turn is ${turn}, expected a share from 0 to 1.`);
  if (!(visible >= 0 && visible <= 1))
    throw new RangeError(`${caller}: visible is ${visible}, expected a share from 0 to 1.`);
  for (const name of classes) checkClass(caller, name);
  return {
    height,
    width,
    objects,
    classes,
    keypoints,
    visible,
    background,
    noise,
    edges,
    contrast,
    turn,
    train,
    test,
  };
}

function checkClass(caller: string, name: ShapeClass): void {
  if (Object.hasOwn(outlines, name)) return;
  throw new RangeError(
    `${caller}: there is no shape "${name}", expected some of ${Object.keys(outlines).join(", ")}.`,
  );
}
