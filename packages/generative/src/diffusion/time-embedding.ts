import { checkChoice, checkOptions, checkPositive, checkShape, OptionError } from "@pellucid/core-train";
import {
  concat,
  cos,
  expandDims,
  mul,
  sin,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tidy,
} from "@tensorflow/tfjs-core";

/** Options for {@link timeEmbedding}. */
export interface TimeEmbeddingOptions {
  /** The longest wavelength, over 2π. Default: 10000. */
  readonly theta?: number;
  /** Sines, then cosines, the last of frequency `1 / theta` (`"lucidrains"`), or cosines first, of frequencies down to before it (`"openai"`, as in guided diffusion and DiT). Default: `"lucidrains"`. */
  readonly layout?: "lucidrains" | "openai";
}

/**
 * Sines and cosines of a time, of frequencies from 1 down to `1 / theta`.
 *
 * @param time `[batch]`
 * @param features even, and at least 4
 * @returns `[batch, features]`
 */
export function timeEmbedding(
  time: Tensor1D,
  features: number,
  options: TimeEmbeddingOptions = {},
): Tensor2D {
  checkShape("timeEmbedding", "time", time, ["batch"]);
  checkEmbedding("timeEmbedding", features, options);
  const { theta = 10_000, layout = "lucidrains" } = options;
  const half = features / 2;
  const last = layout === "lucidrains" ? half - 1 : half;
  const frequencies = Float32Array.from({ length: half }, (_, i) => theta ** (-i / last));
  return tidy(() => {
    const angles = mul(expandDims(time, 1), tensor1d(frequencies)); // [batch, half]
    const waves = layout === "lucidrains" ? [sin(angles), cos(angles)] : [cos(angles), sin(angles)];
    return concat(waves, 1) as Tensor2D;
  });
}

/** Throws an `OptionError` unless {@link timeEmbedding} takes these. */
export function checkEmbedding(caller: string, features: number, options: TimeEmbeddingOptions): void {
  checkOptions(caller, options, ["theta", "layout"]);
  if (!(Number.isInteger(features) && features >= 4 && features % 2 === 0))
    throw new OptionError(caller, "features", features, "an even integer above 3");
  checkPositive(caller, { theta: options.theta ?? 1 });
  checkChoice(caller, "layout", options.layout ?? "openai", ["lucidrains", "openai"]);
}
