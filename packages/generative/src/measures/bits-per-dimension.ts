import { checkFinite, checkOptions, checkSizes } from "@pellucid/core-train";

/** Options for {@link bitsPerDimension}. */
export interface BitsPerDimensionOptions {
  /** Numbers of an example: 3072 for 32 × 32 pixels in color. */
  readonly dimensions: number;
  /** The values of a pixel, where a model has the density of `(value + u) / bins` with uniform noise `u`. Default: 1, for a model of the values' probabilities. */
  readonly bins?: number;
}

/**
 * The code length of an example: its negative log-likelihood in bits, per dimension. A density of pixels that were scaled to the unit interval grows by `bins` per dimension,
 * for which `log₂ bins` is added: without it, images scaled differently cannot be compared.
 *
 * @param nats the negative logarithm of the density or probability of an example
 */
export function bitsPerDimension(nats: number, options: BitsPerDimensionOptions): number {
  checkOptions("bitsPerDimension", options, ["dimensions", "bins"]);
  const { dimensions, bins = 1 } = options;
  checkFinite("bitsPerDimension", { nats });
  checkSizes("bitsPerDimension", { dimensions, bins });
  return nats / (dimensions * Math.LN2) + Math.log2(bins);
}
