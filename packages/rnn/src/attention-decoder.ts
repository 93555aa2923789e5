import { checkShape, Dropout, Embedding, type GRU, Linear, Module } from "@pellucid/core-train";
import { reshape, slice, type Tensor1D, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import type { Memory } from "./attend.ts";
import type { CoderOptions } from "./encoder-rnn.ts";

/** What a decoder says after a token. */
export type Decoded = {
  /** Of the next token, `[batch, token]`. */
  readonly logits: Tensor2D;
  /** The states, `[layers, batch, hidden]`. */
  readonly h: Tensor3D;
  /** How much it looked at each moment of the source, `[batch, time]`. */
  readonly weights: Tensor2D;
};

/** Writes a sequence of tokens, each after a look at the source. */
export abstract class AttentionDecoder extends Module {
  readonly hiddenSize: number;
  /** How many tokens there are. */
  readonly outputSize: number;
  readonly embedding: Embedding;
  abstract readonly gru: GRU;
  abstract readonly out: Linear;
  readonly dropout: Dropout;

  constructor(hiddenSize: number, outputSize: number, { rng, dropout = 0.1 }: CoderOptions) {
    super();
    this.hiddenSize = hiddenSize;
    this.outputSize = outputSize;
    this.embedding = new Embedding(outputSize, hiddenSize, { rng });
    this.dropout = new Dropout(dropout, { rng });
  }

  /** What comes of `x` in the state `h`. */
  protected abstract look(x: Tensor2D, h: Tensor3D, memory: Memory): Decoded;

  /**
   * Reads a token and says which may be next.
   *
   * @param tokens int32 `[batch]`
   * @param h the states before, `[layers, batch, hidden]`: at the start the encoder's
   */
  step(tokens: Tensor1D, h: Tensor3D, memory: Memory): Decoded {
    const who = `${this.constructor.name}(${this.hiddenSize}, ${this.outputSize})`;
    const batch = tokens.shape[0];
    checkShape(who, "tokens", tokens, ["batch"]);
    checkShape(who, "h", h, [this.gru.numLayers, batch, this.hiddenSize]);
    checkShape(who, "memory.y", memory.y, [batch, "time", this.hiddenSize]);
    return tidy(() => this.look(this.dropout.forward(this.embedding.forward(tokens)) as Tensor2D, h, memory));
  }
}

/** The state of the top layer, `[batch, hidden]`. */
export function topOf(h: Tensor3D): Tensor2D {
  const [layers, batch, hidden] = h.shape;
  return reshape(slice(h, [layers - 1, 0, 0], [1, batch, hidden]), [batch, hidden]);
}
