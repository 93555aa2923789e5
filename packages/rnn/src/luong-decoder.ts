import { GRU, Linear } from "@pellucid/core-train";
import { concat, expandDims, tanh, type Tensor2D, type Tensor3D } from "@tensorflow/tfjs-core";
import type { Memory } from "./attend.ts";
import { AttentionDecoder, type Decoded, topOf } from "./attention-decoder.ts";
import type { CoderOptions } from "./encoder-rnn.ts";
import { LuongAttention, type LuongScore } from "./luong-attention.ts";

/** Options of a {@link LuongDecoder}. */
export interface LuongDecoderOptions extends CoderOptions {
  /** How states are compared with the source. Default: dot. */
  readonly score?: LuongScore;
}

/**
 * Reads the token first, looks at the source by the state after, and puts the two together: the `LuongAttnDecoderRNN` of PyTorch's
 * chatbot tutorial, with its names.
 */
export class LuongDecoder extends AttentionDecoder {
  readonly gru: GRU;
  readonly concat: Linear;
  readonly out: Linear;
  readonly attn: LuongAttention;

  constructor(hiddenSize: number, outputSize: number, options: LuongDecoderOptions) {
    super(hiddenSize, outputSize, options);
    const { rng, numLayers = 1, dropout = 0.1, score = "dot" } = options;
    this.gru = new GRU(hiddenSize, hiddenSize, { rng, numLayers, dropout: numLayers === 1 ? 0 : dropout });
    this.concat = new Linear(2 * hiddenSize, hiddenSize, { rng });
    this.out = new Linear(hiddenSize, outputSize, { rng });
    this.attn = new LuongAttention(hiddenSize, { rng, score });
  }

  protected look(x: Tensor2D, h: Tensor3D, memory: Memory): Decoded {
    const after = this.gru.step(expandDims<Tensor3D>(x, 1), { h }).state.h;
    const { context, weights } = this.attn.forward(topOf(after), memory);
    const both: Tensor2D = tanh(this.concat.forward(concat([topOf(after), context], 1)));
    return { logits: this.out.forward(both), h: after, weights };
  }
}
