import {
  checkShape,
  Dropout,
  Embedding,
  type LanguageModel,
  type Layer,
  Linear,
  LSTM,
  Module,
  type RecurrentOptions,
  type Rng,
  type SequenceLayer,
  type Step,
  checkSizes,
  checkProbabilities,
  checkRng,
} from "@pellucid/core-train";
import { type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";

/** The state of a {@link RecurrentLm}, `[layers, batch, hidden]` each; only an LSTM has `c`. */
export type RecurrentLmState = { readonly h: Tensor3D; readonly c?: Tensor3D };

/** A recurrent layer of a {@link RecurrentLm}. */
export interface RecurrentLmLayer
  extends Module, Layer<Tensor3D, Tensor3D>, SequenceLayer<Tensor3D, Tensor3D, RecurrentLmState> {
  step(x: Tensor3D, state?: RecurrentLmState): Step<Tensor3D, RecurrentLmState>;
  select(state: RecurrentLmState, examples: readonly number[]): RecurrentLmState;
}

/** Options for {@link RecurrentLm}. */
export interface RecurrentLmOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  /** The size of the vocabulary. */
  readonly vocabSize: number;
  /** The number of features of a token. */
  readonly embeddingDim: number;
  /** The number of features of a hidden state. */
  readonly hiddenSize: number;
  /** The class of the recurrent layers: `LSTM`, `GRU`, `RNN`. Default: `LSTM`. */
  readonly layer?: new (inputSize: number, hiddenSize: number, options: RecurrentOptions) => RecurrentLmLayer;
  /** Default: 1. */
  readonly numLayers?: number;
  /** The probability of dropout in training, after the embedding, between layers and after the last. Default: 0. */
  readonly dropout?: number;
}

/**
 * A language model: an embedding, recurrent layers, and logits. The names are those of PyTorch's word language model:
 * `encoder.weight`, `rnn.weight_ih_l0`, …, `decoder.weight`.
 */
export class RecurrentLm
  extends Module
  implements Layer<Tensor2D, Tensor3D>, LanguageModel<RecurrentLmState>
{
  readonly vocabSize: number;
  readonly drop: Dropout;
  readonly encoder: Embedding;
  readonly rnn: RecurrentLmLayer;
  readonly decoder: Linear;

  constructor(options: RecurrentLmOptions) {
    super();
    checkRng("RecurrentLm", options);
    const { rng, vocabSize, embeddingDim, hiddenSize, numLayers = 1, dropout = 0 } = options;
    const { layer: RecurrentLayer = LSTM } = options;
    checkSizes("RecurrentLm", { vocabSize, embeddingDim, hiddenSize, numLayers });
    checkProbabilities("RecurrentLm", { dropout });
    this.vocabSize = vocabSize;
    this.drop = new Dropout(dropout, { rng });
    this.encoder = new Embedding(vocabSize, embeddingDim, { rng });
    this.rnn = new RecurrentLayer(embeddingDim, hiddenSize, { rng, numLayers, dropout });
    this.decoder = new Linear(hiddenSize, vocabSize, { rng });
  }

  initialState(batch: number): RecurrentLmState {
    return this.rnn.initialState(batch);
  }

  /**
   * @param tokens int32 `[batch, time]`
   * @returns logits of the next token, `[batch, time, token]`
   */
  forward(tokens: Tensor2D): Tensor3D {
    return tidy(() => this.step(tokens, this.initialState(tokens.shape[0])).output);
  }

  /**
   * Processes the next tokens.
   *
   * @param tokens int32 `[batch, time]`
   * @returns logits of the token after each, `[batch, time, token]`
   */
  step(tokens: Tensor2D, state: RecurrentLmState): Step<Tensor3D, RecurrentLmState> {
    checkShape("RecurrentLm", "tokens", tokens, ["batch", "time"]);
    return tidy(() => {
      const x: Tensor3D = this.drop.forward(this.encoder.forward(tokens)); // [batch, time, embeddingDim]
      const { output, state: next } = this.rnn.step(x, state);
      return { output: this.decoder.forward(this.drop.forward(output)), state: next };
    });
  }

  select(state: RecurrentLmState, examples: readonly number[]): RecurrentLmState {
    return this.rnn.select(state, examples);
  }
}
