import {
  checkShape,
  Dropout,
  Embedding,
  GRU,
  type LanguageModel,
  type Layer,
  Linear,
  LSTM,
  type Step,
  Module,
  type Rng,
  RNN,
} from "@pellucid/core-train";
import { type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";

/** Options of a {@link RecurrentLm}. */
export interface RecurrentLmOptions {
  /** Where the first weights come from, and what dropout draws. */
  readonly rng: Rng;
  /** How many tokens there are. */
  readonly vocabSize: number;
  /** Features of a token. */
  readonly embeddingDim: number;
  /** Features of a state. */
  readonly hiddenSize: number;
  /** What reads them. Default: lstm. */
  readonly kind?: "lstm" | "gru" | "rnn";
  /** Default: 1. */
  readonly numLayers?: number;
  /** How likely a feature is dropped: of an embedding, between layers and of what the last puts out. Default: 0. */
  readonly dropout?: number;
}

/** What it remembers, `[layers, batch, hidden]` each; only an LSTM has `c`. */
export type RecurrentLmState = { h: Tensor3D; c?: Tensor3D };

/**
 * A language model: an embedding, a recurrence, and logits. Its names are those of PyTorch's word language model:
 * `encoder.weight`, `rnn.weight_ih_l0`, …, `decoder.weight`.
 */
export class RecurrentLm
  extends Module
  implements Layer<Tensor2D, Tensor3D>, LanguageModel<RecurrentLmState>
{
  readonly vocabSize: number;
  readonly drop: Dropout;
  readonly encoder: Embedding;
  readonly rnn: LSTM | GRU | RNN;
  readonly decoder: Linear;

  constructor(options: RecurrentLmOptions) {
    super();
    const { rng, vocabSize, embeddingDim, hiddenSize, kind = "lstm", numLayers = 1, dropout = 0 } = options;
    const Kind = { lstm: LSTM, gru: GRU, rnn: RNN }[kind];
    this.vocabSize = vocabSize;
    this.drop = new Dropout(dropout, { rng });
    this.encoder = new Embedding(vocabSize, embeddingDim, { rng });
    this.rnn = new Kind(embeddingDim, hiddenSize, { rng, numLayers, dropout });
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
   * Reads the next tokens.
   *
   * @param tokens int32 `[batch, time]`
   */
  step(tokens: Tensor2D, before: RecurrentLmState): Step<Tensor3D, RecurrentLmState> {
    checkShape("RecurrentLm", "tokens", tokens, ["batch", "time"]);
    return tidy(() => {
      const x: Tensor3D = this.drop.forward(this.encoder.forward(tokens)); // [batch, time, embeddingDim]
      const { output, state } = this.rnn.step(x, before as Required<RecurrentLmState>);
      return { output: this.decoder.forward(this.drop.forward(output)), state: { ...state } };
    });
  }
}
