import { checkSizes } from "../../check-values.ts";
import {
  expandDims,
  mul,
  range,
  type Rank,
  reshape,
  sub,
  tensor1d,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";
import { OptionError } from "../../option-error.ts";
import { abs } from "../../op/abs.ts";

/**
 * The slope of each head, as in the paper's code: `2^(−8/n), 2^(−16/n), …` if the number `n` of heads is a power of two. Other numbers
 * of heads have the slopes of the next lower power of two, then every other slope of the next higher one.
 */
export function alibiSlopes(heads: number): readonly number[] {
  checkSizes("alibiSlopes", { heads });
  const power = 2 ** Math.floor(Math.log2(heads));
  const slopes = (n: number): number[] => Array.from({ length: n }, (_, i) => 2 ** ((-8 * (i + 1)) / n));
  const between = slopes(2 * power).filter((_, i) => i % 2 === 0);
  return [...slopes(power), ...between.slice(0, heads - power)];
}

/** The longest distance whose successor is still another float32. */
const longest = 2 ** 24;

/** Elements of the result of {@link alibi}: 1 GiB. */
const maxElements = 2 ** 28;

/** Options for {@link alibi}. */
export interface AlibiOptions {
  /** The number of keys. Default: the number of queries. */
  readonly keys?: number;
  /** The number of keys before the first query's own. Default: `keys − queries`. */
  readonly offset?: number;
}

/**
 * Attention with linear biases: `−slope · distance`, added to the scores instead of positions to the embeddings, so that a model can
 * process longer texts than it was trained on. Pass it as the `mask` of `scaledDotProductAttention`.
 *
 * Press, Smith and Lewis, 2022. Train short, test long. https://arxiv.org/abs/2108.12409
 *
 * @returns `[1, head, query, key]`
 * @throws {OptionError} If a size is not an integer above 0, or the result would have more than 2²⁸ elements (1 GiB).
 */
export function alibi(heads: number, queries: number, options: AlibiOptions = {}): Tensor4D {
  const { keys = queries, offset = keys - queries } = options;
  for (const [name, size, least] of [
    ["queries", queries, 1],
    ["keys", keys, 1],
    ["offset", offset, -longest],
  ] as const)
    if (!(Number.isInteger(size) && size >= least && size <= longest))
      throw new OptionError("alibi", name, size, `an integer from ${least} to ${longest}`);
  checkSizes("alibi", { heads });
  const most = Math.floor(maxElements / (heads * queries));
  if (keys > most)
    throw new OptionError("alibi", "keys", keys, `at most ${most} for ${heads} heads and ${queries} queries`);
  return tidy(() => {
    const distance = abs(sub(expandDims(range(0, keys), 0), expandDims(range(offset, offset + queries), 1)));
    const slopes = reshape<Rank.R4>(tensor1d([...alibiSlopes(heads)]), [1, heads, 1, 1]);
    return mul(reshape<Rank.R4>(distance, [1, 1, queries, keys]), mul<Tensor4D>(slopes, -1));
  });
}
