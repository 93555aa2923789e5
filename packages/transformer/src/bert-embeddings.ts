import {
  checkContextLength,
  Dropout,
  Embedding,
  LayerNorm,
  Module,
  type HasTorchLayout,
  type TorchLayout,
  init,
} from "@pellucid/core-train";
import { add, cast, slice, type Tensor2D, type Tensor3D, tidy, zerosLike } from "@tensorflow/tfjs-core";
import { bertNorm } from "./bert-norm.ts";
import { type SettledBertOptions } from "./bert-options.ts";

/** The sum of the embeddings of tokens, their positions and their segments, normalized. */
export class BertEmbeddings extends Module implements HasTorchLayout {
  readonly maxPositionEmbeddings: number;
  readonly wordEmbeddings: Embedding;
  readonly positionEmbeddings: Embedding;
  readonly tokenTypeEmbeddings: Embedding;
  readonly layerNorm: LayerNorm;
  readonly dropout: Dropout;

  constructor(options: SettledBertOptions) {
    super();
    const { rng, hiddenSize, padTokenId: paddingIdx } = options;
    const table = (rows: number, more = {}) =>
      new Embedding(rows, hiddenSize, { rng, init: init.normal(0, 0.02), ...more });
    this.maxPositionEmbeddings = options.maxPositionEmbeddings;
    this.wordEmbeddings = table(options.vocabSize, { paddingIdx });
    this.positionEmbeddings = table(this.maxPositionEmbeddings);
    this.tokenTypeEmbeddings = table(options.typeVocabSize);
    this.layerNorm = new LayerNorm(hiddenSize, { eps: options.layerNormEps });
    this.dropout = new Dropout(options.hiddenDropoutProb, { rng });
  }

  get torchLayout(): TorchLayout {
    return { ...bertNorm, positionIds: { ignored: true }, tokenTypeIds: { ignored: true } };
  }

  /**
   * @param tokens int32 `[batch, time]`
   * @param tokenTypeIds int32 `[batch, time]`; null for zeros
   * @returns `[batch, time, hidden]`
   */
  forward(tokens: Tensor2D, tokenTypeIds: Tensor2D | null): Tensor3D {
    const time = tokens.shape[1];
    checkContextLength("Bert", time, this.maxPositionEmbeddings);
    return tidy(() => {
      const words: Tensor3D = this.wordEmbeddings.forward(tokens);
      const ids = tokenTypeIds ?? zerosLike(cast(tokens, "int32"));
      const segments: Tensor3D = this.tokenTypeEmbeddings.forward(ids);
      const positions = slice(this.positionEmbeddings.weight, [0, 0], [time, words.shape[2]]);
      return this.dropout.forward(this.layerNorm.forward(add<Tensor3D>(add(words, segments), positions)));
    });
  }
}
