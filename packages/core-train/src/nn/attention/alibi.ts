import { expandDims, mul, range, reshape, sub, tensor1d, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { OptionError } from "../../option-error.ts";
import { abs } from "../../op/abs.ts";

/**
 * How much each head minds distance, as the paper's code has it: `2^(−8/n), 2^(−16/n), …` for a number `n` of heads that is a power
 * of two; else those of the power below, and every other one of the power above.
 */
export function alibiSlopes(heads: number): readonly number[] {
  if (!Number.isInteger(heads) || heads < 1)
    throw new OptionError("alibiSlopes", "heads", heads, "a whole number above 0");
  const power = 2 ** Math.floor(Math.log2(heads));
  const slopes = (n: number): number[] => Array.from({ length: n }, (_, i) => 2 ** ((-8 * (i + 1)) / n));
  const between = slopes(2 * power).filter((_, i) => i % 2 === 0);
  return [...slopes(power), ...between.slice(0, heads - power)];
}

/**
 * What is added to scores instead of positions to embeddings: `−slope · distance`, so that a model can read texts longer than those
 * it has learned from. For `scaledDotProductAttention`'s `mask`.
 *
 * Press, Smith and Lewis, 2022. Train short, test long. https://arxiv.org/abs/2108.12409
 *
 * @param options.keys Default: as many as queries
 * @param options.past how many keys came before the first query. Default: the keys that are more than the queries.
 * @returns `[1, head, query, key]`
 */
export function alibi(
  heads: number,
  queries: number,
  options: { readonly keys?: number; readonly past?: number } = {},
): Tensor4D {
  const { keys = queries, past = keys - queries } = options;
  return tidy(() => {
    const distance = abs(sub(expandDims(range(0, keys), 0), expandDims(range(past, past + queries), 1)));
    const slopes = reshape(tensor1d([...alibiSlopes(heads)]), [1, heads, 1, 1]);
    return mul(reshape(distance, [1, 1, queries, keys]), mul(slopes, -1)) as Tensor4D;
  });
}
