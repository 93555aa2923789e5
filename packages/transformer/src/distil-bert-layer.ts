import {
  Dropout,
  gelu,
  type HasTorchLayout,
  LayerNorm,
  type Linear,
  Module,
  type TorchLayout,
} from "@pellucid/core-train";
import { add, type Tensor, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { bertDense } from "./bert-dense.ts";
import type { SettledBertOptions } from "./bert-options.ts";
import { BertSelfAttention } from "./bert-self-attention.ts";

/** Self-attention, then a feed-forward network, each with a residual connection and a norm after it. */
export class DistilBertLayer extends Module implements HasTorchLayout {
  readonly attention: BertSelfAttention;
  readonly outLin: Linear;
  readonly saLayerNorm: LayerNorm;
  readonly ffn: { readonly lin1: Linear; readonly lin2: Linear };
  readonly outputLayerNorm: LayerNorm;
  readonly dropout: Dropout;

  constructor(options: SettledBertOptions) {
    super();
    const { rng, hiddenSize, intermediateSize, layerNormEps: eps } = options;
    this.attention = new BertSelfAttention(options);
    this.outLin = bertDense(hiddenSize, hiddenSize, rng);
    this.saLayerNorm = new LayerNorm(hiddenSize, { eps });
    this.ffn = {
      lin1: bertDense(hiddenSize, intermediateSize, rng),
      lin2: bertDense(intermediateSize, hiddenSize, rng),
    };
    this.outputLayerNorm = new LayerNorm(hiddenSize, { eps });
    this.dropout = new Dropout(options.hiddenDropoutProb, { rng });
  }

  get torchLayout(): TorchLayout {
    return {
      "attention.query": { name: "q_lin" },
      "attention.key": { name: "k_lin" },
      "attention.value": { name: "v_lin" },
      outLin: { name: "attention.out_lin" },
    };
  }

  /**
   * @param x `[batch, time, feature]`
   * @param mask the attention mask of `scaledDotProductAttention`
   */
  forward(x: Tensor3D, mask: Tensor | null = null): Tensor3D {
    return tidy(() => {
      const { lin1, lin2 } = this.ffn;
      const attended = this.outLin.forward(this.attention.forward(x, mask));
      const sum = this.saLayerNorm.forward(add<Tensor3D>(attended, x)); // [batch, time, feature]
      const inner = this.dropout.forward(lin2.forward(gelu(lin1.forward(sum))));
      return this.outputLayerNorm.forward(add<Tensor3D>(inner, sum));
    });
  }
}
