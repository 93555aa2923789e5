import {
  checkContextLength,
  Dropout,
  Embedding,
  type HasTorchLayout,
  init,
  LayerNorm,
  Module,
  type TorchLayout,
} from "@pellucid/core-train";
import { add, slice, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { bertNorm } from "./bert-norm.ts";
import type { SettledBertOptions } from "./bert-options.ts";

/** The sum of the embeddings of tokens and of their positions, normalized. */
export class DistilBertEmbeddings extends Module implements HasTorchLayout {
  readonly wordEmbeddings: Embedding;
  readonly positionEmbeddings: Embedding;
  readonly layerNorm: LayerNorm;
  readonly dropout: Dropout;

  constructor(options: SettledBertOptions) {
    super();
    const { rng, hiddenSize, padTokenId: paddingIdx } = options;
    const made = { rng, init: init.normal(0, 0.02) };
    this.wordEmbeddings = new Embedding(options.vocabSize, hiddenSize, { ...made, paddingIdx });
    this.positionEmbeddings = new Embedding(options.maxPositionEmbeddings, hiddenSize, made);
    this.layerNorm = new LayerNorm(hiddenSize, { eps: options.layerNormEps });
    this.dropout = new Dropout(options.hiddenDropoutProb, { rng });
  }

  get torchLayout(): TorchLayout {
    return { ...bertNorm, positionIds: { ignored: true } };
  }

  /**
   * @param tokens int32 `[batch, time]`
   * @returns `[batch, time, hidden]`
   */
  forward(tokens: Tensor2D): Tensor3D {
    const time = tokens.shape[1];
    checkContextLength("DistilBertForMaskedLm", time, this.positionEmbeddings.weight.shape[0]);
    return tidy(() => {
      const words: Tensor3D = this.wordEmbeddings.forward(tokens);
      const positions = slice(this.positionEmbeddings.weight, [0, 0], [time, words.shape[2]]); // [time, feature]
      return this.dropout.forward(this.layerNorm.forward(add<Tensor3D>(words, positions)));
    });
  }
}
