import {
  checkFinite,
  checkOptions,
  EmptyBatchError,
  type HostTensor,
  OptionError,
} from "@pellucid/core-train";

/** Options for {@link Matcher}. */
export interface MatcherOptions {
  /**
   * Whether the best candidates of each object, all of them if they tie, keep a match even if they overlap with it less than the thresholds ask for. Each is matched with
   * *its own* best object, which may be another one. Default: false.
   */
  readonly allowLowQualityMatches?: boolean;
}

/**
 * Matches candidates (anchors, proposals) with objects by how well they overlap, torchvision's `Matcher`: the object of the highest quality, the first of those that tie, or
 * −1 below `lowThreshold` (background), or −2 below `highThreshold` (neither).
 */
export class Matcher {
  /** What a candidate of the background gets. */
  static readonly BELOW_LOW_THRESHOLD = -1;
  /** What a candidate gets that is neither of an object nor of the background. */
  static readonly BETWEEN_THRESHOLDS = -2;

  readonly highThreshold: number;
  readonly lowThreshold: number;
  readonly allowLowQualityMatches: boolean;

  constructor(highThreshold: number, lowThreshold: number, options: MatcherOptions = {}) {
    checkOptions("Matcher", options, ["allowLowQualityMatches"]);
    checkFinite("Matcher", { highThreshold, lowThreshold });
    if (lowThreshold > highThreshold)
      throw new OptionError(
        "Matcher",
        "lowThreshold",
        lowThreshold,
        `${highThreshold} at most, the high threshold`,
      );
    this.highThreshold = highThreshold;
    this.lowThreshold = lowThreshold;
    this.allowLowQualityMatches = options.allowLowQualityMatches ?? false;
  }

  /**
   * @param quality `[object, candidate]`, such as IoU
   * @returns the object of each candidate, or −1 or −2
   * @throws EmptyBatchError without objects, where all candidates are background, or without candidates
   */
  match(quality: HostTensor<Float32Array>): Int32Array {
    const { data, shape } = quality;
    const [objects = 0, candidates = 0] = shape;
    if (objects === 0 || candidates === 0)
      throw new EmptyBatchError(
        `Matcher: quality is [${objects}, ${candidates}], expected at least one ${objects === 0 ? "object: without any, all candidates are background" : "candidate"}.`,
      );
    const best = new Int32Array(candidates);
    const matches = new Int32Array(candidates);
    for (let j = 0; j < candidates; j++) {
      for (let i = 1; i < objects; i++)
        if (isLarger(data[i * candidates + j] ?? NaN, data[(best[j] ?? NaN) * candidates + j] ?? NaN))
          best[j] = i;
      const value = data[(best[j] ?? NaN) * candidates + j] ?? NaN;
      if (value < Math.fround(this.lowThreshold)) matches[j] = Matcher.BELOW_LOW_THRESHOLD;
      else if (value < Math.fround(this.highThreshold)) matches[j] = Matcher.BETWEEN_THRESHOLDS;
      else matches[j] = best[j] ?? NaN;
    }
    if (!this.allowLowQualityMatches) return matches;
    for (let i = 0; i < objects; i++) {
      const row = data.subarray(i * candidates, (i + 1) * candidates);
      const highest = row.reduce((found, value) => (isLarger(value, found) ? value : found), row[0] ?? NaN);
      for (const [j, value] of row.entries()) if (value === highest) matches[j] = best[j] ?? NaN;
    }
    return matches;
  }
}

/** NaN counts as larger than all, as in `torch.max`. */
export function isLarger(value: number, than: number): boolean {
  return value > than || (Number.isNaN(value) && !Number.isNaN(than));
}
