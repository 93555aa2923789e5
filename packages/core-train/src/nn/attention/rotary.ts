import { checkSizes, checkPositive, checkFinite } from "../../check-values.ts";
import { concat, slice, type Tensor, tensor2d, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { OptionError } from "../../option-error.ts";
import { checkShape } from "../../shape-error.ts";
import { rotateFeatures } from "./rotate-features.ts";

/** Options for {@link rotary}. */
export interface RotaryOptions {
  /** The position of the first time step. Default: 0. */
  readonly offset?: number;
  /** The slowest pair rotates once in about `2π · base` time steps. Default: 10000. */
  readonly base?: number;
  /**
   * Whether neighboring features form a pair, as in the paper, GPT-J and Meta's Llama; otherwise features half a head apart, as in
   * Hugging Face's Llama and GPT-NeoX. Default: false.
   */
  readonly interleaved?: boolean;
  /** The angle in each time step of each pair, instead of those of `base`, as scaled for longer contexts. */
  readonly rates?: ArrayLike<number>;
  /** A factor of what is rotated, as YaRN has. Default: 1. */
  readonly scale?: number;
  /** The number of features that are rotated, from the first; the others stay. Default: all. */
  readonly features?: number;
}

/**
 * Rotary position embedding: rotates pairs of features of queries or keys by angles proportional to the position, so that the dot
 * product of a query and a key depends on their distance:
 *
 *     (a, b) → (a cos tθ − b sin tθ, b cos tθ + a sin tθ),   θ = base^(−2i / d)
 *
 * Su et al., 2021. RoFormer. https://arxiv.org/abs/2104.09864
 *
 * @param x `[..., time, feature]`
 * @returns the shape of `x`
 */
export function rotary<X extends Tensor>(x: X, options: RotaryOptions = {}): X {
  checkShape("rotary", "x", x, ["...", "time", "feature"]);
  const [time = 0, width = 0] = x.shape.slice(-2);
  const { offset = 0, base = 10_000, interleaved = false, features = width, scale = 1 } = options;
  checkFinite("rotary", { offset, scale });
  checkPositive("rotary", { base });
  checkSizes("rotary", { features }, 0);
  if (features % 2 !== 0 || features > width)
    throw new OptionError("rotary", "features", features, `an even number, ${width} at most`);
  const pairs = features / 2;
  const rates =
    options.rates ?? Float64Array.from({ length: pairs }, (_, i) => base ** ((-2 * i) / features));
  if (rates.length !== pairs)
    throw new OptionError("rotary", "rates.length", rates.length, `${pairs}, one for each pair of features`);
  return tidy(() => {
    const start = x.shape.map(() => 0);
    const head = [...x.shape.slice(0, -1), features];
    const first = features === width ? x : slice(x, start, head);
    const column = (i: number) => (interleaved ? i >> 1 : i % pairs);
    const table = (wave: (angle: number) => number): Tensor2D =>
      tensor2d(
        Float32Array.from(
          { length: time * features },
          (_, i) => scale * wave((offset + Math.floor(i / features)) * (rates[column(i % features)] ?? 0)),
        ),
        [time, features],
      );
    const y = rotateFeatures(first, table(Math.cos), table(Math.sin), interleaved);
    if (features === width) return y;
    return concat([y, slice(x, start.with(-1, features), head.with(-1, width - features))], x.rank - 1);
  }) as X;
}
