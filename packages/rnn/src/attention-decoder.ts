import {
  checkShape,
  Dropout,
  Embedding,
  type GRU,
  type Linear,
  Module,
  type SequenceLayer,
  type Step,
  checkSizes,
} from "@pellucid/core-train";
import {
  clone,
  type Rank,
  reshape,
  slice,
  stack,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tidy,
  unstack,
  zeros,
} from "@tensorflow/tfjs-core";
import type { Memory } from "./attend.ts";
import { type CoderOptions, checkCoderOptions } from "./encoder-rnn.ts";

/** The state of a decoder: its hidden state, and the output of its encoder. {@link EncoderRNN} returns the initial state. */
export interface DecoderState extends Memory {
  /** `[layers, batch, hidden]` */
  readonly h: Tensor3D;
}

/** The output of a decoder. */
export interface DecoderOutput {
  /** Logits of the next token, `[batch, time, token]`. */
  readonly logits: Tensor3D;
  /** Attention weights over the source, `[batch, time, source]`. */
  readonly attention: Tensor3D;
}

/** The result of one token. */
export interface Decoded {
  /** `[batch, token]` */
  readonly logits: Tensor2D;
  /** `[layers, batch, hidden]` */
  readonly h: Tensor3D;
  /** `[batch, source]` */
  readonly weights: Tensor2D;
}

/** Generates a sequence of tokens, and attends to a source before or after each. */
export abstract class AttentionDecoder
  extends Module
  implements SequenceLayer<Tensor2D, DecoderOutput, DecoderState>
{
  readonly hiddenSize: number;
  /** The size of the vocabulary. */
  readonly outputSize: number;
  readonly embedding: Embedding;
  abstract readonly gru: GRU;
  abstract readonly out: Linear;
  readonly dropout: Dropout;

  constructor(hiddenSize: number, outputSize: number, options: CoderOptions) {
    super();
    checkCoderOptions(new.target.name, options);
    checkSizes(new.target.name, { hiddenSize, outputSize });
    const { rng, dropout = 0.1 } = options;
    this.hiddenSize = hiddenSize;
    this.outputSize = outputSize;
    this.embedding = new Embedding(outputSize, hiddenSize, { rng });
    this.dropout = new Dropout(dropout, { rng });
  }

  /**
   * Processes one token.
   *
   * @param x the features of the token, `[batch, hidden]`
   */
  protected abstract decode(x: Tensor2D, state: DecoderState): Decoded;

  /** Zeros, and a source of one time step of zeros. For a real source use the state that {@link EncoderRNN} returns. */
  initialState(batch: number): DecoderState {
    const { hiddenSize, gru } = this;
    return {
      h: zeros<Rank.R3>([gru.numLayers, batch, hiddenSize]),
      memory: zeros<Rank.R3>([batch, 1, hiddenSize]),
      lengths: new Array<number>(batch).fill(1),
    };
  }

  /**
   * Processes the next tokens, and returns the logits of the token after each.
   *
   * @param tokens int32 `[batch, time]`
   */
  step(tokens: Tensor2D, state: DecoderState): Step<DecoderOutput, DecoderState> {
    const caller = `${this.constructor.name}(${this.hiddenSize}, ${this.outputSize})`;
    checkShape(caller, "tokens", tokens, ["batch", "time"]);
    const [batch] = tokens.shape;
    checkShape(caller, "h", state.h, [this.gru.numLayers, batch, this.hiddenSize]);
    checkShape(caller, "memory", state.memory, [batch, "source", this.hiddenSize]);
    const { logits, attention, h, memory } = tidy(() => {
      const decoded: Decoded[] = [];
      for (const now of unstack(tokens, 1) as Tensor1D[]) {
        const x: Tensor2D = this.dropout.forward(this.embedding.forward(now)); // [batch, hidden]
        decoded.push(this.decode(x, { ...state, h: decoded.at(-1)?.h ?? state.h }));
      }
      return {
        logits: stack(
          decoded.map((one) => one.logits),
          1,
        ) as Tensor3D, // [batch, time, token]
        attention: stack(
          decoded.map((one) => one.weights),
          1,
        ) as Tensor3D, // [batch, time, source]
        h: clone(decoded.at(-1)?.h ?? state.h),
        memory: clone(state.memory),
      };
    });
    return { output: { logits, attention }, state: { h, memory, lengths: state.lengths } };
  }
}

/** The hidden state of the top layer, `[batch, hidden]`. */
export function topLayer(h: Tensor3D): Tensor2D {
  const [layers, batch, hidden] = h.shape;
  return reshape(slice(h, [layers - 1, 0, 0], [1, batch, hidden]), [batch, hidden]);
}
