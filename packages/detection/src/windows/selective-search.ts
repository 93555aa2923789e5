import { checkArguments, checkOptions, type Image } from "@pellucid/core-train";
import { checkImage } from "../boxes/check-image.ts";
import { type Region, regionsOf } from "./region.ts";
import { segmentImage, type SegmentImageOptions } from "./segment-image.ts";

/** Options for {@link selectiveSearch}. */
export interface SelectiveSearchOptions extends Omit<SegmentImageOptions, "scale"> {
  /** The scales of the first segmentations, each of which is grouped. Default: `[100, 300]`. */
  readonly scales?: readonly number[];
}

/**
 * Regions that may be objects, for R-CNN: segments an image, then joins the two most similar neighbors, by color, texture, size and fit, until one is left; every region on the way is a proposal. Of equal boxes one
 * is kept.
 * Uijlings et al., 2013, algorithm 1. https://doi.org/10.1007/s11263-013-0620-5
 *
 * @returns `x1, y1, x2, y2` of each region in pixels, those joined last, the largest, first
 * @throws {StructError} for what is not an image, or scales that are not numbers
 * @throws {OptionError} for a wrong option
 */
export function selectiveSearch(
  image: Image,
  options: SelectiveSearchOptions = {},
): Float32Array<ArrayBuffer> {
  checkOptions("selectiveSearch", options, ["scales", "sigma", "minSize"]);
  checkImage("selectiveSearch", image);
  const { scales = [100, 300], ...segmenting } = options;
  checkArguments("selectiveSearch", { numbers: { scales } });
  const found = scales.flatMap((scale) =>
    group(regionsOf(image, segmentImage(image, { ...segmenting, scale })), image),
  );
  const different = new Map(found.map(({ box, rank }) => [box.join(), { box, rank }]));
  const sorted = [...different.values()].toSorted((a, b) => b.rank - a.rank);
  return Float32Array.from(sorted.flatMap(({ box }) => box));
}

interface Proposal {
  readonly box: readonly number[];
  /** When it was made, from 0 to 1. */
  readonly rank: number;
}

/** All regions, from the first to the one that is left. */
function group(first: Region[], { shape: [height, width] }: Image): Proposal[] {
  const area = height * width;
  const regions = new Map(first.map((region, i) => [i, region]));
  const similarity = new Map<string, number>();
  const key = (a: number, b: number) => (a < b ? `${a} ${b}` : `${b} ${a}`);
  const compare = (a: number, b: number) =>
    similarity.set(key(a, b), similarityOf(regions.get(a) as Region, regions.get(b) as Region, area));
  for (const [a, { neighbors }] of regions) for (const b of neighbors) if (a < b) compare(a, b);
  const made = [...first];
  while (similarity.size > 0) {
    const [best] = [...similarity].reduce((most, entry) => (entry[1] > most[1] ? entry : most));
    const [a, b] = best.split(" ").map(Number) as [number, number];
    const joined = join(regions.get(a) as Region, regions.get(b) as Region, a, b);
    const name = made.length;
    regions.set(name, joined);
    made.push(joined);
    for (const old of [a, b])
      for (const neighbor of (regions.get(old) as Region).neighbors) similarity.delete(key(old, neighbor));
    for (const neighbor of joined.neighbors) {
      const other = regions.get(neighbor) as Region;
      other.neighbors.delete(a);
      other.neighbors.delete(b);
      other.neighbors.add(name);
      compare(name, neighbor);
    }
    regions.delete(a);
    regions.delete(b);
  }
  return made.map(({ box }, i) => ({ box, rank: i / made.length }));
}

/** The sum of four similarities, each from 0 to 1: equations 2 to 5. */
function similarityOf(a: Region, b: Region, area: number): number {
  const shared = (x: Float64Array, y: Float64Array) =>
    x.reduce((sum, share, i) => sum + Math.min(share, y[i] ?? NaN), 0);
  const [x1, y1, x2, y2] = hull(a, b);
  const gap = ((x2 - x1) * (y2 - y1) - a.size - b.size) / area;
  return shared(a.colors, b.colors) + shared(a.textures, b.textures) + 1 - (a.size + b.size) / area + 1 - gap;
}

function join(a: Region, b: Region, nameOfA: number, nameOfB: number): Region {
  const size = a.size + b.size;
  const mean = (x: Float64Array, y: Float64Array) =>
    x.map((share, i) => (share * a.size + (y[i] ?? NaN) * b.size) / size);
  const neighbors = new Set([...a.neighbors, ...b.neighbors]);
  neighbors.delete(nameOfA);
  neighbors.delete(nameOfB);
  return {
    size,
    box: hull(a, b),
    colors: mean(a.colors, b.colors),
    textures: mean(a.textures, b.textures),
    neighbors,
  };
}

function hull({ box: a }: Region, { box: b }: Region): [number, number, number, number] {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}
