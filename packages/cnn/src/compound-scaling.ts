import { checkChoice, checkFinite } from "@pellucid/core-train";
/** The size of a model relative to its base. */
export interface CompoundScaling {
  /** Factor of the channels. */
  readonly width: number;
  /** Factor of the blocks in each stage. */
  readonly depth: number;
  /** Height and width of the images. */
  readonly resolution: number;
  /** Probability of dropout before the head. */
  readonly dropout: number;
}

/** The sizes of EfficientNet as published. */
const published: Readonly<Record<EfficientNetSize, CompoundScaling>> = {
  b0: { width: 1, depth: 1, resolution: 224, dropout: 0.2 },
  b1: { width: 1, depth: 1.1, resolution: 240, dropout: 0.2 },
  b2: { width: 1.1, depth: 1.2, resolution: 260, dropout: 0.3 },
  b3: { width: 1.2, depth: 1.4, resolution: 300, dropout: 0.3 },
  b4: { width: 1.4, depth: 1.8, resolution: 380, dropout: 0.4 },
  b5: { width: 1.6, depth: 2.2, resolution: 456, dropout: 0.4 },
  b6: { width: 1.8, depth: 2.6, resolution: 528, dropout: 0.5 },
  b7: { width: 2, depth: 3.1, resolution: 600, dropout: 0.5 },
};

/** The names of the published sizes. */
export type EfficientNetSize = "b0" | "b1" | "b2" | "b3" | "b4" | "b5" | "b6" | "b7";

/**
 * Width, depth and resolution of a model at a scale: a published size by name, or the paper's rule for any exponent: `depth = 1.2^φ`,
 * `width = 1.1^φ`, `resolution = 224 · 1.15^φ`, so that the computation grows by about `2^φ`.
 *
 * Tan and Le, 2019, equation 3. https://arxiv.org/abs/1905.11946. The published sizes are rounded, and do not have
 * integer exponents: B7 is about φ = 6.5.
 *
 * @throws {OptionError} For an unknown name, or an exponent that is not finite.
 */
export function compoundScaling(scale: EfficientNetSize | number): CompoundScaling {
  if (typeof scale === "string") {
    checkChoice("compoundScaling", "scale", scale, ["b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7"]);
    return published[scale];
  }
  checkFinite("compoundScaling", { φ: scale });
  return {
    width: 1.1 ** scale,
    depth: 1.2 ** scale,
    resolution: Math.round(224 * 1.15 ** scale),
    dropout: Math.min(0.5, Math.max(0.2, 0.2 + (0.3 * scale) / 7)), // from 0.2 at B0 to 0.5 at B7
  };
}
