import { GRU, Linear } from "@pellucid/core-train";
import { concat, expandDims, type Tensor2D, type Tensor3D } from "@tensorflow/tfjs-core";
import { AttentionDecoder, type Decoded, type DecoderState, topLayer } from "./attention-decoder.ts";
import { BahdanauAttention } from "./bahdanau-attention.ts";
import type { CoderOptions } from "./encoder-rnn.ts";

/**
 * Attends to the source with its last hidden state, and processes the context together with the token: the `AttnDecoderRNN` of PyTorch's
 * translation tutorial, with its names.
 */
export class BahdanauDecoder extends AttentionDecoder {
  readonly attention: BahdanauAttention;
  readonly gru: GRU;
  readonly out: Linear;

  constructor(hiddenSize: number, outputSize: number, options: CoderOptions) {
    super(hiddenSize, outputSize, options);
    const { rng, numLayers = 1, dropout = 0.1 } = options;
    this.attention = new BahdanauAttention(hiddenSize, { rng });
    this.gru = new GRU(2 * hiddenSize, hiddenSize, {
      rng,
      numLayers,
      dropout: numLayers === 1 ? 0 : dropout,
    });
    this.out = new Linear(hiddenSize, outputSize, { rng });
  }

  protected decode(x: Tensor2D, { h, ...source }: DecoderState): Decoded {
    const { context, weights } = this.attention.forward(topLayer(h), source);
    const both: Tensor3D = expandDims(concat([x, context], 1), 1); // [batch, 1, 2 hidden]
    const { state } = this.gru.step(both, { h });
    return { logits: this.out.forward(topLayer(state.h)), h: state.h, weights };
  }
}
