import {
  checkLengths,
  checkShape,
  Dropout,
  Embedding,
  GRU,
  type HiddenState,
  Module,
  type Rng,
  type SequenceLayer,
  type SequenceOptions,
  type Step,
  checkSizes,
  checkProbabilities,
  checkRng,
} from "@pellucid/core-train";
import { type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import type { DecoderState } from "./attention-decoder.ts";

/** Options for {@link EncoderRNN} and the decoders. */
export interface CoderOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  /** Default: 1. */
  readonly numLayers?: number;
  /** The probability that a feature of an embedding, or between layers, is dropped in training. Default: 0.1. */
  readonly dropout?: number;
}

/** @throws {OptionError} If options are invalid, before a parameter is created. */
export function checkCoderOptions(caller: string, options: CoderOptions): void {
  checkRng(caller, options);
  const { numLayers = 1, dropout = 0.1 } = options;
  checkSizes(caller, { numLayers });
  checkProbabilities(caller, { dropout });
}

/** Encodes a sequence of tokens with an embedding and a GRU, which have the names of PyTorch's translation tutorial. */
export class EncoderRNN extends Module implements SequenceLayer<Tensor2D, Tensor3D, HiddenState> {
  readonly hiddenSize: number;
  readonly embedding: Embedding;
  readonly gru: GRU;
  readonly dropout: Dropout;

  constructor(inputSize: number, hiddenSize: number, options: CoderOptions) {
    super();
    checkCoderOptions("EncoderRNN", options);
    checkSizes("EncoderRNN", { inputSize, hiddenSize });
    const { rng, numLayers = 1, dropout = 0.1 } = options;
    this.hiddenSize = hiddenSize;
    this.embedding = new Embedding(inputSize, hiddenSize, { rng });
    this.gru = new GRU(hiddenSize, hiddenSize, { rng, numLayers, dropout: numLayers === 1 ? 0 : dropout });
    this.dropout = new Dropout(dropout, { rng });
  }

  initialState(batch: number): HiddenState {
    return this.gru.initialState(batch);
  }

  /**
   * Encodes a whole source.
   *
   * @param tokens int32 `[batch, source]`, padded at the end
   * @returns the initial state of a decoder
   */
  forward(tokens: Tensor2D, options: SequenceOptions = {}): DecoderState {
    checkShape(this.#caller, "tokens", tokens, ["batch", "time"]);
    const lengths = checkLengths(this.#caller, options.lengths, ...tokens.shape);
    const { memory, h } = tidy(() => {
      const { output, state } = this.step(tokens, this.initialState(tokens.shape[0]), { lengths });
      return { memory: output, h: state.h };
    });
    return { h, memory, lengths };
  }

  /**
   * Processes the next tokens.
   *
   * @param tokens int32 `[batch, time]`, padded at the end
   * @returns `[batch, time, hidden]`
   */
  step(tokens: Tensor2D, state: HiddenState, options: SequenceOptions = {}): Step<Tensor3D, HiddenState> {
    checkShape(this.#caller, "tokens", tokens, ["batch", "time"]);
    return tidy(() => {
      const x: Tensor3D = this.dropout.forward(this.embedding.forward(tokens)); // [batch, time, hidden]
      return this.gru.step(x, state, options);
    });
  }

  get #caller(): string {
    return `EncoderRNN(${this.embedding.numEmbeddings}, ${this.hiddenSize})`;
  }
}
