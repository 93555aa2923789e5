import {
  DotProductAttention,
  Dropout,
  gelu,
  type HasTorchLayout,
  init,
  isTraining,
  type Layer,
  LayerNorm,
  Linear,
  mergeHeads,
  Module,
  type Rng,
  splitHeads,
  type TorchLayout,
} from "@pellucid/core-train";
import { add, type Tensor3D, tidy, zerosLike } from "@tensorflow/tfjs-core";
import { type SettledVitOptions, settleVitOptions, type VitOptions } from "./vit-options.ts";

/** Self-attention, then a feed-forward network, each after a norm and with a residual connection; with the names of Hugging Face's ViT. */
export class VitLayer extends Module implements Layer<Tensor3D, Tensor3D>, HasTorchLayout {
  readonly attention: VitAttention;
  readonly layernormBefore: LayerNorm;
  readonly layernormAfter: LayerNorm;
  readonly mlp: { readonly fc1: Linear; readonly fc2: Linear };
  readonly dropout: Dropout;

  constructor(options: VitOptions) {
    super();
    const settled = settleVitOptions("VitLayer", options);
    const { rng, hiddenSize, intermediateSize, layerNormEps: eps } = settled;
    this.attention = new VitAttention(settled);
    this.layernormBefore = new LayerNorm(hiddenSize, { eps });
    this.layernormAfter = new LayerNorm(hiddenSize, { eps });
    this.mlp = {
      fc1: vitLinear(hiddenSize, intermediateSize, rng),
      fc2: vitLinear(intermediateSize, hiddenSize, rng),
    };
    this.dropout = new Dropout(settled.hiddenDropoutProb, { rng });
  }

  get torchLayout(): TorchLayout {
    return {
      "attention.qProj": { aliases: ["attention.query"] }, // the names of files, and of transformers before 5
      "attention.kProj": { aliases: ["attention.key"] },
      "attention.vProj": { aliases: ["attention.value"] },
      "attention.oProj": { aliases: ["output.dense"] },
      "mlp.fc1": { aliases: ["intermediate.dense"] },
      "mlp.fc2": { aliases: ["output.dense"] },
    };
  }

  /** @param x `[batch, patch, feature]` */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => {
      const { fc1, fc2 } = this.mlp;
      const sum = add(x, this.dropout.forward(this.attention.forward(this.layernormBefore.forward(x))));
      const inner = gelu(fc1.forward(this.layernormAfter.forward(sum))); // [batch, patch, intermediate]
      return add(sum, this.dropout.forward(fc2.forward(inner)));
    });
  }
}

/** Bidirectional self-attention with a linear layer each for queries, keys and values. */
class VitAttention extends Module implements Layer<Tensor3D, Tensor3D> {
  readonly heads: number;
  readonly dropout: number;
  readonly rng: Rng;
  readonly qProj: Linear;
  readonly kProj: Linear;
  readonly vProj: Linear;
  readonly oProj: Linear;
  readonly attention = new DotProductAttention();

  constructor(options: SettledVitOptions) {
    super();
    const { rng, hiddenSize, numAttentionHeads, qkvBias, attentionProbsDropoutProb } = options;
    this.heads = numAttentionHeads;
    this.dropout = attentionProbsDropoutProb;
    this.rng = rng;
    this.qProj = vitLinear(hiddenSize, hiddenSize, rng, qkvBias);
    this.kProj = vitLinear(hiddenSize, hiddenSize, rng, qkvBias);
    this.vProj = vitLinear(hiddenSize, hiddenSize, rng, qkvBias);
    this.oProj = vitLinear(hiddenSize, hiddenSize, rng);
  }

  forward(x: Tensor3D): Tensor3D {
    return tidy(() => {
      const query = splitHeads(this.qProj.forward(x), this.heads); // [batch, head, patch, feature]
      const key = splitHeads(this.kProj.forward(x), this.heads);
      const value = splitHeads(this.vProj.forward(x), this.heads);
      const options = { dropout: isTraining(this) ? this.dropout : 0, rng: this.rng };
      return this.oProj.forward(mergeHeads(this.attention.forward({ query, key, value, options })));
    });
  }
}

/** A linear layer with ViT's initialization: weights from a normal distribution cut at two, with a deviation of 0.02; a bias of 0. */
export function vitLinear(inFeatures: number, outFeatures: number, rng: Rng, bias = true): Linear {
  const layer = new Linear(inFeatures, outFeatures, { rng, bias, init: init.truncatedNormal({ std: 0.02 }) });
  tidy(() => layer.bias?.assign(zerosLike(layer.bias)));
  return layer;
}
