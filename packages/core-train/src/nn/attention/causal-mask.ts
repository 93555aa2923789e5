import {
  greater,
  less,
  expandDims,
  fill,
  logicalOr,
  type Rank,
  range,
  sub,
  type Tensor2D,
  tidy,
  where,
  zeros,
} from "@tensorflow/tfjs-core";
import { checkSizes, checkIntegers } from "../../check-values.ts";

/**
 * A causal mask to add to the scores: 0 up to the query's own position and `-Infinity` after it, as
 * `torch.nn.Transformer.generate_square_subsequent_mask`.
 *
 * @param keys the number of keys. Default: that of the queries.
 * @param offset the position of the first query among the keys. Default: 0.
 * @returns `[query, key]`
 */
export function causalMask(queries: number, keys = queries, offset = 0): Tensor2D {
  checkSizes("causalMask", { queries, keys }, 0);
  checkIntegers("causalMask", { offset });
  return tidy(() => block(greater(relativePositions(queries, keys), offset)));
}

/**
 * A mask for sliding-window attention, to add to the scores: each query attends to its own position and the `window - 1` before it.
 *
 * Beltagy, Peters and Cohan, 2020. Longformer. https://arxiv.org/abs/2004.05150
 *
 * @param options.isCausal whether later keys are masked; otherwise the window reaches as far ahead as back. Default: true.
 * @param options.keys the number of keys. Default: that of the queries, `size`.
 * @param options.offset the position of the first query among the keys. Default: 0.
 * @returns `[query, key]`
 */
export function localMask(
  size: number,
  window: number,
  options: { readonly isCausal?: boolean; readonly keys?: number; readonly offset?: number } = {},
): Tensor2D {
  const { isCausal = true, keys = size, offset = 0 } = options;
  checkSizes("localMask", { size, window, keys }, 0);
  checkIntegers("localMask", { offset });
  return tidy(() => {
    const ahead = relativePositions(size, keys);
    const farBack = less(ahead, offset + 1 - window);
    const farAhead = greater(ahead, offset + (isCausal ? 0 : window - 1));
    return block(logicalOr(farBack, farAhead));
  });
}

/** The position of each key relative to each query, `[query, key]`. */
function relativePositions(queries: number, keys: number): Tensor2D {
  return sub(expandDims(range(0, keys), 0), expandDims(range(0, queries), 1));
}

/** `-Infinity` where blocked, otherwise 0. */
function block(blocked: Tensor2D): Tensor2D {
  return where(blocked, fill<Rank.R2>(blocked.shape, -Infinity), zeros<Rank.R2>(blocked.shape));
}
