import { checkLengths, checkShape, Dropout, Embedding, GRU, Module, type Rng } from "@pellucid/core-train";
import { type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import type { Memory } from "./attend.ts";

/** Options of an {@link EncoderRNN} and of the decoders. */
export interface CoderOptions {
  /** Where the first weights come from, and what dropout draws. */
  readonly rng: Rng;
  /** Default: 1. */
  readonly numLayers?: number;
  /** How likely a feature of an embedding is dropped, and one between layers. Default: 0.1. */
  readonly dropout?: number;
}

/** What an encoder has read. */
export interface Encoded extends Memory {
  /** The last states, `[layers, batch, hidden]`. */
  readonly h: Tensor3D;
}

/** Reads a sequence of tokens: an embedding and a GRU, with the names of PyTorch's translation tutorial. */
export class EncoderRNN extends Module {
  readonly hiddenSize: number;
  readonly embedding: Embedding;
  readonly gru: GRU;
  readonly dropout: Dropout;

  constructor(inputSize: number, hiddenSize: number, { rng, numLayers = 1, dropout = 0.1 }: CoderOptions) {
    super();
    this.hiddenSize = hiddenSize;
    this.embedding = new Embedding(inputSize, hiddenSize, { rng });
    this.gru = new GRU(hiddenSize, hiddenSize, { rng, numLayers, dropout: numLayers === 1 ? 0 : dropout });
    this.dropout = new Dropout(dropout, { rng });
  }

  /**
   * @param tokens int32 `[batch, time]`, padded at the end
   * @param lengths how many tokens each example has. Default: all
   */
  forward(tokens: Tensor2D, lengths?: readonly number[]): Encoded {
    const who = `EncoderRNN(${this.embedding.numEmbeddings}, ${this.hiddenSize})`;
    checkShape(who, "tokens", tokens, ["batch", "time"]);
    const own = checkLengths(who, lengths, ...tokens.shape);
    const { y, h } = tidy(() => {
      const x: Tensor3D = this.dropout.forward(this.embedding.forward(tokens)); // [batch, time, hidden]
      const { output, state } = this.gru.step(x, this.gru.initialState(x.shape[0]), { lengths: own });
      return { y: output, h: state.h };
    });
    return { y, h, lengths: own };
  }
}
