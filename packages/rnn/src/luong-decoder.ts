import { GRU, Linear, type Module } from "@pellucid/core-train";
import { concat, expandDims, tanh, type Tensor2D, type Tensor3D } from "@tensorflow/tfjs-core";
import type { SourceAttention } from "./attend.ts";
import { AttentionDecoder, type Decoded, type DecoderState, topLayer } from "./attention-decoder.ts";
import type { CoderOptions } from "./encoder-rnn.ts";
import type { LuongAttention } from "./luong-attention.ts";
import { LuongDotAttention } from "./luong-dot-attention.ts";

/** Options for {@link LuongDecoder}. */
export interface LuongDecoderOptions extends CoderOptions {
  /** The class of the attention. Default: {@link LuongDotAttention}. */
  readonly attention?: LuongAttention;
}

/**
 * Processes the token first, attends to the source with its new hidden state, and combines the two: the `LuongAttnDecoderRNN` of
 * PyTorch's chatbot tutorial, with its names.
 */
export class LuongDecoder extends AttentionDecoder {
  readonly gru: GRU;
  readonly concat: Linear;
  readonly out: Linear;
  readonly attn: Module & SourceAttention;

  constructor(hiddenSize: number, outputSize: number, options: LuongDecoderOptions) {
    super(hiddenSize, outputSize, options);
    const { rng, numLayers = 1, dropout = 0.1, attention = LuongDotAttention } = options;
    this.gru = new GRU(hiddenSize, hiddenSize, { rng, numLayers, dropout: numLayers === 1 ? 0 : dropout });
    this.concat = new Linear(2 * hiddenSize, hiddenSize, { rng });
    this.out = new Linear(hiddenSize, outputSize, { rng });
    this.attn = new attention(hiddenSize, { rng });
  }

  protected decode(x: Tensor2D, { h, ...source }: DecoderState): Decoded {
    const { state } = this.gru.step(expandDims<Tensor3D>(x, 1), { h });
    const top = topLayer(state.h);
    const { context, weights } = this.attn.forward(top, source);
    const both: Tensor2D = tanh(this.concat.forward(concat([top, context], 1))); // [batch, hidden]
    return { logits: this.out.forward(both), h: state.h, weights };
  }
}
