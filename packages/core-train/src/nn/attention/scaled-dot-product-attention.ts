import {
  reshape,
  tensor,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { OptionError } from "../../option-error.ts";
import type { Rng } from "../../rng/rng.ts";
import { checkShape, ShapeError } from "../../shape-error.ts";
import { attend } from "./attend.ts";
import { additiveMask } from "./attention-mask.ts";
import type { AttentionAttributes, AttentionInputs } from "./attention-scores.ts";

/** Options for {@link scaledDotProductAttention}. */
export interface AttentionOptions {
  /** The attention mask, broadcast to `[batch, head, query, key]`. `bool`: `true` lets a query attend to a key. Real: added to the scores. */
  readonly mask?: Tensor | null;
  /** Whether query `i` attends to keys up to `i + offset` only. Default: false. */
  readonly isCausal?: boolean;
  /** The position of the first query among the keys, for `isCausal`. Default: 0, as in PyTorch. */
  readonly offset?: number;
  /** The probability that dropout zeroes an attention weight. Default: 0. */
  readonly dropout?: number;
  /** Random generator for dropout. */
  readonly rng?: Rng;
  /** Default: `1 / √feature`. */
  readonly scale?: number;
}

/**
 * `softmax(scale · q kᵀ + mask) v`, as `torch.nn.functional.scaled_dot_product_attention`.
 *
 * Vaswani et al., 2017, eq. 1. https://arxiv.org/abs/1706.03762
 *
 * Keys and values may have fewer heads than queries; each head then serves consecutive heads of queries, as with PyTorch's
 * `enable_gqa`. A query whose keys are all masked gets zeros. As in PyTorch, `true` in a mask lets a query attend; in
 * {@link MultiheadAttention} it blocks.
 *
 * @param query `[batch, head, query, feature]`, or without heads
 * @param key `[batch, head, key, feature]`
 * @param value `[batch, head, key, feature]`
 * @throws {ShapeError} If the shapes do not fit together.
 */
export function scaledDotProductAttention<T extends Tensor3D | Tensor4D>(
  query: T,
  key: T,
  value: T,
  options: AttentionOptions = {},
): T {
  return tidy(() => {
    const { inputs, attributes } = prepare("scaledDotProductAttention", query, key, value, options);
    const [y] = attend(inputs, attributes);
    return query.rank === 4 ? y : reshape(y, [y.shape[0], y.shape[2], y.shape[3]]);
  }) as T;
}

/** Checks the inputs of attention, and brings them into the form of the op. */
export function prepare(
  caller: string,
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: AttentionOptions,
): { readonly inputs: AttentionInputs; readonly attributes: AttentionAttributes } {
  const { mask = null, isCausal = false, offset = 0, dropout = 0, rng } = options;
  const feature = query.shape.at(-1) as number;
  const scale = options.scale ?? 1 / Math.sqrt(feature);
  const head = query.rank === 4 ? ["head"] : [];
  checkShape(caller, "query", query, ["batch", ...head, "query", "feature"]);
  const batch = query.shape[0] as number;
  checkShape(caller, "key", key, [batch, ...head, "key", feature]);
  checkShape(caller, "value", value, [batch, ...key.shape.slice(1, -1), "feature"]);
  const [q, k, v] = [query, key, value].map(withHeads) as [Tensor4D, Tensor4D, Tensor4D];
  const [, heads, queries] = q.shape;
  const [, groups, keys] = k.shape;
  if (heads % groups !== 0)
    throw new ShapeError(`${caller}: query has ${heads} heads, expected a multiple of the ${groups} of key.`);
  const scores: Tensor4D["shape"] = [batch, heads, queries, keys];
  const biased = mask !== null;
  const dropped = dropout > 0;
  if (!(dropout >= 0 && dropout <= 1))
    throw new OptionError(caller, "dropout", dropout, "a probability, 0 to 1");
  if (dropped && rng === undefined)
    throw new OptionError(caller, "rng", rng, "a random generator, since dropout is above 0");
  const masked = mask !== null && query.rank === 3 && mask.rank === 3 ? withHeads(mask) : mask;
  const none = () => zeros<Tensor4D["rankType"]>([1, 1, 1, 1]);
  return {
    inputs: {
      query: q,
      key: k,
      value: v,
      bias: masked === null ? none() : additiveMask(caller, "mask", masked, scores),
      kept: dropped && rng !== undefined ? dropoutMask(scores, dropout, rng) : none(),
    },
    attributes: { scale, past: isCausal ? offset : null, biased, dropped },
  };
}

/** `[batch, time, feature]` -> `[batch, 1, time, feature]` */
function withHeads(x: Tensor): Tensor4D {
  const [batch, ...rest] = x.shape;
  return x.rank === 4 ? (x as Tensor4D) : reshape(x, [batch as number, 1, ...rest] as Tensor4D["shape"]);
}

/** 0 where a weight is dropped, else `1 / (1 − p)`. */
function dropoutMask(shape: Tensor4D["shape"], p: number, rng: Rng): Tensor4D {
  const drawn = rng.bernoulli(1 - p, shape);
  const scale = 1 / Math.fround(1 - p);
  if (p < 1) for (let i = 0; i < drawn.data.length; i++) drawn.data[i] = (drawn.data[i] as number) * scale;
  return tensor(drawn.data, shape);
}
