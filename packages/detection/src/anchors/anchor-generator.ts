import { checkArguments, checkPositive, OptionError, roundHalfEven, ShapeError } from "@pellucid/core-train";
import { type BoxArray, boxArray, type Size2d } from "./box-array.ts";

const { fround } = Math;

/**
 * The anchors of each position of feature maps, torchvision's `AnchorGenerator`: a box per aspect ratio (height / width) and size, the sizes fastest, around the
 * upper left corner of the position; rounded to pixels, halves to even. Positions are in rows, the anchors of one position together.
 *
 * Ren et al., 2015. Faster R-CNN, section 3.1. https://arxiv.org/abs/1506.01497
 */
export class AnchorGenerator {
  readonly sizes: readonly (readonly number[])[];
  readonly aspectRatios: readonly (readonly number[])[];
  /** By map, around 0. */
  readonly cellAnchors: readonly BoxArray[];

  /**
   * @param sizes of each map, in pixels: the side of the square of the same area
   * @param aspectRatios height / width, of each map, or of all; default 0.5, 1, 2
   */
  constructor(
    sizes: readonly (readonly number[])[],
    aspectRatios: readonly (readonly number[])[] = [[0.5, 1, 2]],
  ) {
    checkArguments("AnchorGenerator", { "numbers[]": { sizes, aspectRatios } });
    const perMap = aspectRatios.length === 1 ? sizes.map(() => aspectRatios[0] ?? []) : aspectRatios;
    if (sizes.length === 0 || perMap.length !== sizes.length)
      throw new OptionError(
        "AnchorGenerator",
        "aspectRatios",
        `of ${aspectRatios.length} maps`,
        `one list per map, ${sizes.length} as of sizes, or one for all`,
      );
    for (const size of sizes.flat()) checkPositive("AnchorGenerator", { sizes: size });
    for (const aspectRatio of perMap.flat()) checkPositive("AnchorGenerator", { aspectRatios: aspectRatio });
    this.sizes = sizes;
    this.aspectRatios = perMap;
    this.cellAnchors = sizes.map((own, map) => cellAnchors(own, perMap[map] ?? []));
  }

  /** How many anchors each position of each map has. */
  numAnchorsPerLocation(): number[] {
    return this.cellAnchors.map(({ data }) => data.length / 4);
  }

  /**
   * The anchors of each map.
   *
   * @param imageSize of the batch, padding included
   * @param grids the size of each map; the distance of two positions is `⌊image / grid⌋`
   * @throws ShapeError for another number of maps than sizes
   */
  generate(imageSize: Size2d, grids: readonly Size2d[]): BoxArray[] {
    if (grids.length !== this.sizes.length)
      throw new ShapeError(
        `AnchorGenerator: there are ${grids.length} feature maps, expected ${this.sizes.length}, as many as lists of sizes.`,
      );
    return grids.map(([height, width], map) => {
      const { data: cell } = this.cellAnchors[map] as BoxArray;
      const [down, across] = [Math.floor(imageSize[0] / height), Math.floor(imageSize[1] / width)];
      const anchors = new Float32Array(height * width * cell.length);
      for (let at = 0; at < height * width; at++) {
        const [x, y] = [(at % width) * across, Math.floor(at / width) * down];
        for (let k = 0; k < cell.length; k++)
          anchors[at * cell.length + k] = (cell[k] ?? NaN) + (k % 2 === 0 ? x : y);
      }
      return boxArray(anchors);
    });
  }
}

function cellAnchors(sizes: readonly number[], aspectRatios: readonly number[]): BoxArray {
  const boxes = aspectRatios.flatMap((aspectRatio) => {
    const tall = fround(Math.sqrt(fround(aspectRatio)));
    const wide = fround(1 / tall);
    return sizes.flatMap((size) => {
      const [x, y] = [roundHalfEven(fround(wide * size) / 2), roundHalfEven(fround(tall * size) / 2)];
      return [-x, -y, x, y];
    });
  });
  return boxArray(Float32Array.from(boxes));
}
