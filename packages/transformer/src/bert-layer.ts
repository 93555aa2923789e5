import { gelu, Linear, Module } from "@pellucid/core-train";
import { type Tensor, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { bertDense } from "./bert-dense.ts";
import { settleBertOptions, type SettledBertOptions } from "./bert-options.ts";
import { BertOutput } from "./bert-output.ts";
import { BertSelfAttention } from "./bert-self-attention.ts";

/** Self-attention, then a feed-forward network, each with a residual connection and a norm after it. */
export class BertLayer extends Module {
  readonly attention: { readonly self: BertSelfAttention; readonly output: BertOutput };
  readonly intermediate: { readonly dense: Linear };
  readonly output: BertOutput;

  constructor(options: SettledBertOptions) {
    super();
    settleBertOptions("BertLayer", options);
    const { hiddenSize, intermediateSize } = options;
    this.attention = {
      self: new BertSelfAttention(options),
      output: new BertOutput(hiddenSize, options),
    };
    this.intermediate = { dense: bertDense(hiddenSize, intermediateSize, options.rng) };
    this.output = new BertOutput(intermediateSize, options);
  }

  /**
   * @param x `[batch, time, feature]`
   * @param mask the attention mask of `scaledDotProductAttention`
   */
  forward(x: Tensor3D, mask: Tensor | null = null): Tensor3D {
    return tidy(() => {
      const attended = this.attention.output.forward(this.attention.self.forward(x, mask), x);
      return this.output.forward(gelu(this.intermediate.dense.forward(attended)), attended);
    });
  }
}
