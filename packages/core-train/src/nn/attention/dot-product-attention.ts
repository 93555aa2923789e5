import { clone, mul, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import type { Layer } from "../../module/layer.ts";
import { Module } from "../../module/module.ts";
import { isIntercepted } from "../../observe/is-intercepted.ts";
import { attend, normalized } from "./attend.ts";
import { scoresOf, weighed } from "./attention-scores.ts";
import { type AttentionOptions, prepare } from "./scaled-dot-product-attention.ts";

/** What attention is between. */
export interface Attended {
  /** `[batch, head, query, feature]` */
  readonly query: Tensor4D;
  /** `[batch, head, key, feature]` */
  readonly key: Tensor4D;
  /** `[batch, head, key, feature]` */
  readonly value: Tensor4D;
  readonly options?: AttentionOptions;
}

/**
 * The weights of an attention, `[batch, head, query, key]`, where somebody looks at them: `capture(layer.attention.weights, body)`
 * shows them, `intercept` changes them. Nobody else's attention lays them out.
 */
export class AttentionWeights extends Module implements Layer<Tensor4D, Tensor4D> {
  forward(weights: Tensor4D): Tensor4D {
    return clone(weights);
  }
}

/** `scaledDotProductAttention` as a layer, whose weights can be seen and changed. */
export class DotProductAttention extends Module implements Layer<Attended, Tensor4D> {
  readonly weights = new AttentionWeights();

  /** @returns `[batch, head, query, feature]` */
  forward({ query, key, value, options = {} }: Attended): Tensor4D {
    return tidy(() => {
      const { inputs, attributes } = prepare("DotProductAttention", query, key, value, options);
      if (!isIntercepted(this.weights)) return attend(inputs, attributes)[0];
      const weights = this.weights.forward(normalized(scoresOf(inputs, attributes)).weights);
      return weighed(attributes.dropped ? mul(weights, inputs.kept) : weights, inputs.value);
    });
  }
}
