import {
  greater,
  less,
  expandDims,
  fill,
  logicalOr,
  range,
  sub,
  type Tensor2D,
  tidy,
  where,
  zeros,
} from "@tensorflow/tfjs-core";

/**
 * What is added to scores so that none looks ahead: 0 up to the query's own place and `-Infinity` after it, as
 * `torch.nn.Transformer.generate_square_subsequent_mask`.
 *
 * @param keys Default: as many as queries
 * @returns `[query, key]`
 */
export function causalMask(queries: number, keys = queries): Tensor2D {
  return tidy(() => forbid(greater(distances(queries, keys), 0) as Tensor2D));
}

/**
 * What is added to scores so that each looks at its own place and the `window - 1` before it: sliding-window attention.
 *
 * Beltagy, Peters and Cohan, 2020. Longformer. https://arxiv.org/abs/2004.05150
 *
 * @param options.isCausal whether none looks ahead either; else as far ahead as back. Default: true.
 * @returns `[query, key]`
 */
export function localMask(
  size: number,
  window: number,
  { isCausal = true }: { readonly isCausal?: boolean } = {},
): Tensor2D {
  return tidy(() => {
    const ahead = distances(size, size);
    const farBack = less(ahead, 1 - window);
    const farAhead = greater(ahead, isCausal ? 0 : window - 1);
    return forbid(logicalOr(farBack, farAhead) as Tensor2D);
  });
}

/** How far each key is ahead of each query. */
function distances(queries: number, keys: number): Tensor2D {
  return sub(expandDims(range(0, keys), 0), expandDims(range(0, queries), 1));
}

function forbid(forbidden: Tensor2D): Tensor2D {
  return where(forbidden, fill(forbidden.shape, -Infinity), zeros(forbidden.shape)) as Tensor2D;
}
