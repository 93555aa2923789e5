import { checkNotNegative, checkPositive, OptionError } from "@pellucid/core-train";

/**
 * How rotary positions are stretched for texts longer than those of the first training, with the names of Hugging Face's
 * `rope_parameters`.
 */
export interface RopeScaling {
  /**
   * `"linear"` divides all rates by `factor` (Chen et al., 2023. https://arxiv.org/abs/2306.15595); `"dynamic"` raises the base, the
   * more the longer the text; `"llama3"` divides the slow rates only, as Llama 3.1 does; `"yarn"` likewise, and
   * scales the attention (Peng et al., 2023. https://arxiv.org/abs/2309.00071); `"longrope"` divides each rate by a number of its own, which differs for
   * texts longer than the original context (Ding et al., 2024. https://arxiv.org/abs/2402.13753).
   */
  readonly type: "linear" | "dynamic" | "llama3" | "yarn" | "longrope";
  /** How many times longer texts become. */
  readonly factor: number;
  /** The context length of the first training. Default: `maxPositionEmbeddings`. */
  readonly originalMaxPositionEmbeddings?: number;
  /** Of `"llama3"`: pairs that rotate less often than this within the original context are divided by `factor`. Default: 1. */
  readonly lowFreqFactor?: number;
  /** Of `"llama3"`: those that rotate more often than this stay as they are. Default: 4. */
  readonly highFreqFactor?: number;
  /** Of `"yarn"`: pairs that rotate more often than this stay as they are. Default: 32. */
  readonly betaFast?: number;
  /** Of `"yarn"`: those that rotate less often than this are divided by `factor`. Default: 1. */
  readonly betaSlow?: number;
  /** Of `"longrope"`: what the rate of each pair is divided by, for texts within the original context. */
  readonly shortFactor?: readonly number[];
  /** Of `"longrope"`: the same for longer texts. */
  readonly longFactor?: readonly number[];
  /** Of `"yarn"` and `"longrope"`: the factor of queries and keys. Default: `0.1 ln(factor) + 1`, and `√(1 + ln(factor) / ln(original))`. */
  readonly attentionFactor?: number;
  /** Of `"yarn"`: whether the bounds between fast and slow pairs are rounded to pairs. Default: true. */
  readonly truncate?: boolean;
}

/** The rotary positions of a model. */
export interface RopeOptions {
  /** Default: 10000. */
  readonly ropeTheta?: number;
  /** Default: none. */
  readonly ropeScaling?: RopeScaling | null;
  /** The context length, in tokens. */
  readonly maxPositionEmbeddings: number;
}

/** The angle of each pair in a time step, and the factor of queries and keys. */
export interface RopeRates {
  readonly rates: Float64Array;
  readonly scale: number;
}

/**
 * The rates of rotary positions for `features` features of a head, in a text of `length` tokens.
 *
 * They are those of Hugging Face's transformers, from the formulas of the papers.
 */
export function ropeRates(features: number, length: number, options: RopeOptions): RopeRates {
  const { ropeTheta = 10_000, ropeScaling = null, maxPositionEmbeddings: limit } = options;
  const plain = (base: number) =>
    Float64Array.from({ length: features / 2 }, (_, i) => base ** ((-2 * i) / features));
  const rates = plain(ropeTheta);
  if (ropeScaling === null) return { rates, scale: 1 };
  const { type, factor } = ropeScaling;
  if (type === "linear") return { rates: rates.map((rate) => rate / factor), scale: 1 };
  if (type === "llama3") return { rates: rates.map((rate) => llama3(rate, ropeScaling, limit)), scale: 1 };
  if (type === "longrope") return longRope(rates, length, ropeScaling, limit);
  if (type === "yarn") return yarn(rates, ropeTheta, ropeScaling, limit);
  const stretch = (factor * Math.max(length, limit)) / limit - (factor - 1);
  return { rates: plain(ropeTheta * stretch ** (features / (features - 2))), scale: 1 };
}

function llama3(rate: number, scaling: RopeScaling, limit: number): number {
  const { factor, lowFreqFactor: low = 1, highFreqFactor: high = 4 } = scaling;
  const rotations = ((scaling.originalMaxPositionEmbeddings ?? limit) * rate) / (2 * Math.PI);
  if (rotations > high) return rate;
  if (rotations < low) return rate / factor;
  const smooth = (rotations - low) / (high - low);
  return ((1 - smooth) * rate) / factor + smooth * rate;
}

function yarn(rates: Float64Array, base: number, scaling: RopeScaling, limit: number): RopeRates {
  const { factor, betaFast = 32, betaSlow = 1, truncate = true } = scaling;
  const original = scaling.originalMaxPositionEmbeddings ?? limit;
  const width = 2 * rates.length;
  const pairOf = (rotations: number) =>
    (width * Math.log(original / (rotations * 2 * Math.PI))) / (2 * Math.log(base));
  const [fast, slow] = [pairOf(betaFast), pairOf(betaSlow)];
  const low = Math.max(truncate ? Math.floor(fast) : fast, 0);
  const high = Math.min(truncate ? Math.ceil(slow) : slow, width - 1);
  const span = high === low ? 0.001 : high - low;
  return {
    rates: rates.map((rate, i) => {
      const slowness = Math.min(Math.max((i - low) / span, 0), 1);
      return (rate / factor) * slowness + rate * (1 - slowness);
    }),
    scale: scaling.attentionFactor ?? (factor <= 1 ? 1 : 0.1 * Math.log(factor) + 1),
  };
}

function longRope(rates: Float64Array, length: number, scaling: RopeScaling, limit: number): RopeRates {
  const { factor, originalMaxPositionEmbeddings: original = limit, shortFactor, longFactor } = scaling;
  const factors = length > original ? longFactor : shortFactor;
  const scale = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
  return {
    rates: rates.map((rate, i) => rate / (factors?.[i] ?? 1)),
    scale: scaling.attentionFactor ?? scale,
  };
}

/** How many tokens a text may have. */
export function ropeContext({ ropeScaling = null, maxPositionEmbeddings: limit }: RopeOptions): number {
  if (ropeScaling === null) return limit;
  const { factor, originalMaxPositionEmbeddings: original = limit } = ropeScaling;
  return Math.max(limit, Math.floor(factor * original));
}

/**
 * @param rotated features of a head that are rotated
 * @throws {OptionError} If a scaling is invalid.
 */
export function checkRopeScaling(
  caller: string,
  scaling: RopeScaling | null | undefined,
  rotated: number,
): void {
  if (scaling === null || scaling === undefined) return;
  if (typeof scaling !== "object")
    throw new OptionError(caller, "ropeScaling", scaling, "{ type, factor } or null");
  const { type, factor, truncate = true, originalMaxPositionEmbeddings = 1 } = scaling;
  if (!["linear", "dynamic", "llama3", "yarn", "longrope"].includes(type))
    throw new OptionError(caller, "ropeScaling.type", type, "linear, dynamic, llama3, yarn or longrope");
  const { lowFreqFactor = 1, highFreqFactor = 4, betaFast = 32, betaSlow = 1, attentionFactor = 1 } = scaling;
  if (type === "longrope") checkFactors(caller, scaling, Math.trunc(rotated / 2));
  checkPositive(caller, { "ropeScaling.factor": factor, originalMaxPositionEmbeddings, betaFast, betaSlow });
  checkPositive(caller, { highFreqFactor, attentionFactor });
  checkNotNegative(caller, { lowFreqFactor });
  if (lowFreqFactor >= highFreqFactor)
    throw new OptionError(
      caller,
      "lowFreqFactor",
      lowFreqFactor,
      `a number below highFreqFactor, ${highFreqFactor}`,
    );
  if (typeof truncate !== "boolean") throw new OptionError(caller, "truncate", truncate, "true or false");
}

function checkFactors(caller: string, { shortFactor, longFactor }: RopeScaling, pairs: number): void {
  for (const [name, factors] of Object.entries({ shortFactor, longFactor }))
    if (
      !Array.isArray(factors) ||
      factors.length !== pairs ||
      !factors.every((factor: unknown) => typeof factor === "number" && factor > 0 && factor < Infinity)
    )
      throw new OptionError(
        caller,
        `ropeScaling.${name}`,
        String(factors),
        `${pairs} positive numbers, one for each pair of features that is rotated`,
      );
}
