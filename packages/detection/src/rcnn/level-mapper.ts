import { checkFinite, checkIntegers, checkOptions, checkPositive } from "@pellucid/core-train";
import { areasOf } from "../anchors/iou-matrix.ts";
import type { BoxArray } from "../anchors/box-array.ts";

const { fround } = Math;

/** Options for {@link LevelMapper}. */
export interface LevelMapperOptions {
  /** The side of the square of the canonical level. Default: 224. */
  readonly canonicalScale?: number;
  /** The level of that square. Default: 4. */
  readonly canonicalLevel?: number;
  /** Added before rounding down, so that boxes of exactly a power of two belong to the upper level. Default: 1e-6. */
  readonly eps?: number;
}

/**
 * Chooses the level of a pyramid for each box by its area, torchvision's `LevelMapper`: `⌊k₀ + log₂(√area / s₀) + eps⌋`, in 32 bits, counted from `kMin`.
 *
 * Lin et al., 2017. Feature pyramid networks, eq. 1. https://arxiv.org/abs/1612.03144
 */
export class LevelMapper {
  readonly kMin: number;
  readonly kMax: number;
  readonly #options: Required<LevelMapperOptions>;

  /** @param kMin the finest level: −log₂ of its scale */
  constructor(kMin: number, kMax: number, options: LevelMapperOptions = {}) {
    checkOptions("LevelMapper", options, ["canonicalScale", "canonicalLevel", "eps"]);
    const { canonicalScale = 224, canonicalLevel = 4, eps = 1e-6 } = options;
    checkIntegers("LevelMapper", { kMin, kMax });
    checkPositive("LevelMapper", { canonicalScale });
    checkFinite("LevelMapper", { canonicalLevel, eps });
    this.kMin = kMin;
    this.kMax = kMax;
    this.#options = { canonicalScale, canonicalLevel, eps };
  }

  /** The level of each box, from 0 to `kMax − kMin`. */
  levelsOf({ data }: BoxArray): Int32Array {
    const { canonicalScale, canonicalLevel, eps } = this.#options;
    return Int32Array.from(areasOf(data), (area) => {
      const doublings = fround(Math.log2(fround(fround(Math.sqrt(area)) / canonicalScale)));
      const level = Math.floor(fround(fround(canonicalLevel + doublings) + fround(eps)));
      return Math.min(Math.max(level, this.kMin), this.kMax) - this.kMin;
    });
  }
}
