import { checkProbabilities, checkFinite } from "../../check-values.ts";
import {
  clone,
  type Rank,
  reshape,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { drawn } from "../../compile/drawn.ts";
import type { Layer } from "../../module/layer.ts";
import { Module } from "../../module/module.ts";
import type { Step } from "../../module/sequence-layer.ts";
import { isIntercepted } from "../../observe/is-intercepted.ts";
import { OptionError } from "../../option-error.ts";
import type { Rng } from "../../rng/rng.ts";
import { checkShape, ShapeError } from "../../shape-error.ts";
import { attend, type AttentionAttributes, type AttentionInputs, attentionWeights, weigh } from "./attend.ts";
import { additiveMask } from "./attention-mask.ts";
import { appendKeyValues, type KeyValues } from "./key-values.ts";
import { checkTensor } from "../../check-tensor.ts";
import { checkRecord } from "../../check-record.ts";

/** Options for {@link scaledDotProductAttention}. */
export interface AttentionOptions {
  /** The attention mask, broadcast to `[batch, head, query, key]`. `bool`: `true` lets a query attend to a key. `float32`: added to the scores, so that 0 leaves a score and `-Infinity` blocks it; other dtypes are refused. */
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
 * @throws {DtypeError} If the mask is neither `bool` nor `float32`.
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

/** The input of {@link DotProductAttention}. */
export interface AttentionInput {
  /** `[batch, head, query, feature]` */
  readonly query: Tensor4D;
  /** `[batch, head, key, feature]` */
  readonly key: Tensor4D;
  /** `[batch, head, key, feature]` */
  readonly value: Tensor4D;
  readonly options?: AttentionOptions;
}

/**
 * The attention weights of a layer, `[batch, head, query, key]`: `capture(layer.attention.weights, body)` shows them and `intercept`
 * replaces them. Otherwise they are never stored.
 */
export class AttentionWeights extends Module implements Layer<Tensor4D, Tensor4D> {
  forward(weights: Tensor4D): Tensor4D {
    return clone(weights);
  }
}

/** `scaledDotProductAttention` as a layer, whose attention weights can be captured and replaced. */
export class DotProductAttention extends Module implements Layer<AttentionInput, Tensor4D> {
  readonly weights = new AttentionWeights();

  /** @returns `[batch, head, query, feature]` */
  forward({ query, key, value, options = {} }: AttentionInput): Tensor4D {
    return tidy(() => {
      const { inputs, attributes } = prepare("DotProductAttention", query, key, value, options);
      if (!isIntercepted(this.weights)) return attend(inputs, attributes)[0];
      return weigh(this.weights.forward(attentionWeights(inputs, attributes)), inputs, attributes);
    });
  }

  /**
   * Causal attention from the next time steps to all so far, whose keys and values are in the cache.
   *
   * @param cache `null` before the first time step
   */
  step(
    { query, key, value, options = {} }: AttentionInput,
    cache: KeyValues | null,
  ): Step<Tensor4D, KeyValues> {
    return tidy(() => {
      const state = cache === null ? { key, value } : appendKeyValues(cache, key, value);
      const offset = cache === null ? 0 : cache.key.shape[2];
      const output = this.forward({ query, ...state, options: { ...options, isCausal: true, offset } });
      return { output, state };
    });
  }
}

/** Checks the inputs of attention, and brings them into the form of the op. */
function prepare(
  caller: string,
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: AttentionOptions,
): { readonly inputs: AttentionInputs; readonly attributes: AttentionAttributes } {
  for (const [name, x] of Object.entries({ query, key, value })) checkTensor(caller, name, x);
  checkRecord(caller, "options", options, []);
  const { mask = null, isCausal = false, offset = 0, dropout = 0, rng } = options;
  const feature = query.shape.at(-1) ?? 1;
  const scale = options.scale ?? 1 / Math.sqrt(feature);
  const head = query.rank === 4 ? ["head"] : [];
  checkShape(caller, "query", query, ["batch", ...head, "query", "feature"]);
  const batch = query.shape[0] ?? 1;
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
  checkProbabilities(caller, { dropout });
  checkFinite(caller, { scale, offset });
  if (dropped && rng === undefined)
    throw new OptionError(caller, "rng", rng, "a random generator, since dropout is above 0");
  const masked = mask !== null && query.rank === 3 && mask.rank === 3 ? withHeads(mask) : mask;
  const none = () => zeros<Rank.R4>([1, 1, 1, 1]);
  return {
    inputs: {
      query: q,
      key: k,
      value: v,
      bias: masked === null ? none() : additiveMask(caller, "mask", masked, scores),
      dropoutMask: dropped && rng !== undefined ? drawDropoutMask(scores, dropout, rng) : none(),
    },
    attributes: { scale, offset: isCausal ? offset : null, biased, dropped },
  };
}

/** `[batch, time, feature]` -> `[batch, 1, time, feature]` */
function withHeads(x: Tensor): Tensor4D {
  const [batch = 0, time = 0, feature = 0] = x.shape;
  return x.rank === 4 ? (x as Tensor4D) : reshape<Rank.R4>(x, [batch, 1, time, feature]);
}

/** 0 where a weight is dropped, otherwise `1 / (1 − p)`. */
function drawDropoutMask(shape: Tensor4D["shape"], p: number, rng: Rng): Tensor4D {
  const scale = 1 / Math.fround(1 - p);
  return drawn<Rank.R4>(() => {
    const { data } = rng.bernoulli(1 - p, shape);
    return { data: p < 1 ? data.map((open) => open * scale) : data, shape };
  });
}
