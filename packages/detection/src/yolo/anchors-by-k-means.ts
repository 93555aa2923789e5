import { checkPositive, checkRng, checkSizes, OptionError, type Rng } from "@pellucid/core-train";

/** Options for {@link anchorsByKMeans}. */
export interface AnchorsByKMeansOptions {
  /** Random generator of the first centers. */
  readonly rng: Rng;
  /** How often the centers move at most. Default: 100. */
  readonly steps?: number;
}

/** A width and a height. */
export type BoxSize = readonly [width: number, height: number];

/** Anchors that were found for boxes. */
export interface ClusteredAnchors {
  /** Width and height of each, by rising area. */
  readonly anchors: readonly BoxSize[];
  /** The IoU of a box with the best anchor, both around the same center, averaged over boxes. */
  readonly meanIou: number;
}

/**
 * Sizes of anchors for boxes of given sizes: k-means with the distance `1 − IoU` of boxes around the same center, since the Euclidean one looks at large boxes alone. The first centers
 * are `count` different boxes at random.
 * Redmon and Farhadi, 2017, section 2. https://arxiv.org/abs/1612.08242
 */
export function anchorsByKMeans(
  sizes: readonly BoxSize[],
  count: number,
  options: AnchorsByKMeansOptions,
): ClusteredAnchors {
  checkRng("anchorsByKMeans", options);
  const { rng, steps = 100 } = options;
  checkSizes("anchorsByKMeans", { count, steps });
  for (const [width, height] of sizes) checkPositive("anchorsByKMeans", { width, height });
  const different = [...new Map(sizes.map((size) => [size.join(), size])).values()];
  if (different.length < count)
    throw new OptionError(
      "anchorsByKMeans",
      "count",
      count,
      `at most the ${different.length} different sizes`,
    );
  let anchors = Array.from(rng.randperm(different.length).subarray(0, count), (i) => different[i] as BoxSize);
  for (let step = 0; step < steps; step++) {
    const owners = sizes.map((size) => nearest(size, anchors));
    const moved = anchors.map((anchor, i) => meanOf(sizes.filter((_, j) => owners[j] === i)) ?? anchor);
    const stays = moved.every(
      ([width, height], i) => width === anchors[i]?.[0] && height === anchors[i]?.[1],
    );
    anchors = moved;
    if (stays) break;
  }
  const total = sizes.reduce(
    (sum, size) => sum + sizeIou(size, anchors[nearest(size, anchors)] as BoxSize),
    0,
  );
  return { anchors: anchors.toSorted((a, b) => a[0] * a[1] - b[0] * b[1]), meanIou: total / sizes.length };
}

/** The IoU of two boxes around the same center. */
export function sizeIou([width, height]: BoxSize, [otherWidth, otherHeight]: BoxSize): number {
  const shared = Math.min(width, otherWidth) * Math.min(height, otherHeight);
  return shared / (width * height + otherWidth * otherHeight - shared);
}

/** The index of the anchor with the highest IoU, the first of equal ones. */
export function nearest(size: BoxSize, anchors: readonly BoxSize[]): number {
  return anchors.reduce(
    (best, anchor, i) => (sizeIou(size, anchor) > sizeIou(size, anchors[best] as BoxSize) ? i : best),
    0,
  );
}

function meanOf(sizes: readonly BoxSize[]): BoxSize | undefined {
  if (sizes.length === 0) return undefined;
  const sum = (side: 0 | 1) => sizes.reduce((total, size) => total + size[side], 0);
  return [sum(0) / sizes.length, sum(1) / sizes.length];
}
