import {
  checkArguments,
  checkFinite,
  checkOptions,
  checkPositive,
  OptionError,
  ShapeError,
} from "@pellucid/core-train";
import { type BoxArray, boxArray, type Size2d } from "./box-array.ts";

const { fround } = Math;

/** Options for {@link DefaultBoxGenerator}. */
export interface DefaultBoxGeneratorOptions {
  /** The size of the boxes of the first map, as a fraction of the image, if there are no `scales`. Default: 0.15. */
  readonly minRatio?: number;
  /** The size of the boxes of the last map, as a fraction of the image, if there are no `scales`. Default: 0.9. */
  readonly maxRatio?: number;
  /** The size of the boxes of each map, as a fraction of the image, and one more. Default: evenly from `minRatio` to `maxRatio`, then 1. */
  readonly scales?: readonly number[];
  /** The distance of two positions of each map, in pixels. Default: the image's size divided by the map's. */
  readonly steps?: readonly number[];
  /** Whether widths and heights are at most the image's. Default: true. */
  readonly clip?: boolean;
}

/**
 * The default boxes of SSD, torchvision's `DefaultBoxGenerator`, around the centers of positions: a square of the map's scale, one of the geometric mean of it and the
 * next scale, and for each aspect ratio a wide and a tall box.
 *
 * Liu et al., 2016. SSD, section 2.2. https://arxiv.org/abs/1512.02325
 */
export class DefaultBoxGenerator {
  readonly aspectRatios: readonly (readonly number[])[];
  readonly scales: readonly number[];
  readonly steps: readonly number[] | null;
  /** By map, fractions of the image. */
  readonly #sizes: readonly (readonly (readonly [width: number, height: number])[])[];

  /** @param aspectRatios of each map, above 1 */
  constructor(aspectRatios: readonly (readonly number[])[], options: DefaultBoxGeneratorOptions = {}) {
    const caller = "DefaultBoxGenerator";
    checkOptions(caller, options, ["minRatio", "maxRatio", "scales", "steps", "clip"]);
    const { minRatio = 0.15, maxRatio = 0.9, steps = null, clip = true } = options;
    checkFinite(caller, { minRatio, maxRatio });
    checkArguments(caller, { "numbers[]": { aspectRatios } });
    const maps = aspectRatios.length;
    const { scales = defaultScales(maps, minRatio, maxRatio) } = options;
    checkArguments(caller, { numbers: { scales, ...(steps === null ? {} : { steps }) } });
    if (scales.length !== maps + 1)
      throw new OptionError(
        caller,
        "scales",
        `${scales.length} numbers`,
        `${maps + 1}: one per map, and one more`,
      );
    if (steps !== null && steps.length !== maps)
      throw new OptionError(caller, "steps", `${steps.length} numbers`, `${maps}: one per map`);
    for (const aspectRatio of aspectRatios.flat()) checkPositive(caller, { aspectRatios: aspectRatio });
    for (const scale of scales) checkPositive(caller, { scales: scale });
    for (const step of steps ?? []) checkPositive(caller, { steps: step });
    this.aspectRatios = aspectRatios;
    this.scales = scales;
    this.steps = steps;
    this.#sizes = aspectRatios.map((ratios, map) => {
      const [scale = 0, next = 0] = scales.slice(map, map + 2);
      const between = Math.sqrt(scale * next);
      const pairs = ratios.flatMap((ratio) => {
        const [long, short] = [scale * Math.sqrt(ratio), scale / Math.sqrt(ratio)];
        return [[long, short] as const, [short, long] as const];
      });
      const within = (size: number): number => fround(clip ? Math.min(Math.max(size, 0), 1) : size);
      return [[scale, scale] as const, [between, between] as const, ...pairs].map(
        ([width, height]) => [within(width), within(height)] as const,
      );
    });
  }

  /** How many boxes each position of each map has. */
  numAnchorsPerLocation(): number[] {
    return this.#sizes.map((sizes) => sizes.length);
  }

  /**
   * The boxes of each map, in pixels.
   *
   * @param imageSize of the batch
   * @param grids the size of each map
   * @throws ShapeError for another number of maps
   */
  generate(imageSize: Size2d, grids: readonly Size2d[]): BoxArray[] {
    if (grids.length !== this.#sizes.length)
      throw new ShapeError(
        `DefaultBoxGenerator: there are ${grids.length} feature maps, expected ${this.#sizes.length}, as many as lists of aspect ratios.`,
      );
    return grids.map(([height, width], map) => {
      const sizes = this.#sizes[map] ?? [];
      const step = this.steps?.[map];
      const [down, across] =
        step === undefined ? [height, width] : [imageSize[0] / step, imageSize[1] / step];
      const boxes = new Float32Array(height * width * sizes.length * 4);
      for (let at = 0; at < height * width; at++) {
        const x = fround(((at % width) + 0.5) / across);
        const y = fround((Math.floor(at / width) + 0.5) / down);
        for (const [k, [w, h]] of sizes.entries()) {
          const [halfWidth, halfHeight] = [fround(0.5 * w), fround(0.5 * h)];
          boxes.set(
            [
              fround(x - halfWidth) * imageSize[1],
              fround(y - halfHeight) * imageSize[0],
              fround(x + halfWidth) * imageSize[1],
              fround(y + halfHeight) * imageSize[0],
            ],
            (at * sizes.length + k) * 4,
          );
        }
      }
      return boxArray(boxes);
    });
  }
}

function defaultScales(maps: number, minRatio: number, maxRatio: number): number[] {
  if (maps === 1) return [minRatio, maxRatio];
  const range = maxRatio - minRatio;
  return [...Array.from({ length: maps }, (_, map) => minRatio + (range * map) / (maps - 1)), 1];
}
