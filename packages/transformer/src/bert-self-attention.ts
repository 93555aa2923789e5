import {
  DotProductAttention,
  mergeHeads,
  isTraining,
  Linear,
  Module,
  type Rng,
  splitHeads,
} from "@pellucid/core-train";
import { type Tensor, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { bertDense } from "./bert-dense.ts";
import { settleBertOptions, type SettledBertOptions } from "./bert-options.ts";

/** Bidirectional self-attention with a linear layer each for queries, keys and values. */
export class BertSelfAttention extends Module {
  readonly heads: number;
  readonly dropout: number;
  readonly rng: Rng;
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly attention = new DotProductAttention();

  constructor(options: SettledBertOptions) {
    super();
    const settled = settleBertOptions("BertSelfAttention", options);
    const { rng, hiddenSize, numAttentionHeads, attentionProbsDropoutProb } = settled;
    this.heads = numAttentionHeads;
    this.dropout = attentionProbsDropoutProb;
    this.rng = rng;
    this.query = bertDense(hiddenSize, hiddenSize, rng);
    this.key = bertDense(hiddenSize, hiddenSize, rng);
    this.value = bertDense(hiddenSize, hiddenSize, rng);
  }

  /**
   * @param x `[batch, time, hidden]`
   * @param mask broadcasts to `[batch, head, query, key]`
   * @returns the shape of `x`
   */
  forward(x: Tensor3D, mask: Tensor | null = null): Tensor3D {
    return tidy(() => {
      const [query, key, value] = [this.query, this.key, this.value].map((layer) =>
        splitHeads(layer.forward(x), this.heads),
      ) as [ReturnType<typeof splitHeads>, ReturnType<typeof splitHeads>, ReturnType<typeof splitHeads>];
      const options = { mask, dropout: isTraining(this) ? this.dropout : 0, rng: this.rng };
      return mergeHeads(this.attention.forward({ query, key, value, options }));
    });
  }
}
