import { clone, mul, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import type { Layer } from "../../module/layer.ts";
import { Module } from "../../module/module.ts";
import type { Step } from "../../module/sequence-layer.ts";
import { isIntercepted } from "../../observe/is-intercepted.ts";
import { attend, normalized } from "./attend.ts";
import { scoresOf, weighed } from "./attention-scores.ts";
import { appendKeyValues, type KeyValues } from "./key-values.ts";
import { type AttentionOptions, prepare } from "./scaled-dot-product-attention.ts";

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
 * replaces them. At all other times they are never laid out in memory.
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
      const weights = this.weights.forward(normalized(scoresOf(inputs, attributes)).weights);
      return weighed(attributes.dropped ? mul(weights, inputs.kept) : weights, inputs.value);
    });
  }

  /**
   * Causal attention from the next time steps to all so far, whose keys and values are in the cache.
   *
   * @param cache `null` without any time steps before
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
