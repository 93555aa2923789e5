import type { LanguageModel, Step } from "@pellucid/core-train";
import { gather, tensor1d, type Tensor2D, tensor2d, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import type { AttentionDecoder, DecoderState } from "./attention-decoder.ts";
import type { EncoderRNN } from "./encoder-rnn.ts";

/** A decoder conditioned on one source, as a language model. */
export class ConditionedDecoder implements LanguageModel<DecoderState> {
  readonly vocabSize: number;
  readonly #encoder: EncoderRNN;
  readonly #decoder: AttentionDecoder;
  readonly #source: readonly number[];

  constructor(encoder: EncoderRNN, decoder: AttentionDecoder, source: readonly number[]) {
    this.vocabSize = decoder.outputSize;
    this.#encoder = encoder;
    this.#decoder = decoder;
    this.#source = source;
  }

  /** The state of the encoder after the source, for each example. */
  initialState(batch: number): DecoderState {
    const source = this.#source;
    const { h, memory } = tidy(() => {
      const tokens: Tensor2D = tensor2d([...source], [1, source.length], "int32");
      const read = this.#encoder.forward(tokens);
      const { h, memory } = this.select(read, new Array<number>(batch).fill(0));
      return { h, memory };
    });
    return { h, memory, lengths: new Array<number>(batch).fill(source.length) };
  }

  /** @param tokens int32 `[batch, time]` */
  step(tokens: Tensor2D, state: DecoderState): Step<Tensor3D, DecoderState> {
    const { output, state: next } = this.#decoder.step(tokens, state);
    output.attention.dispose();
    return { output: output.logits, state: next };
  }

  select({ h, memory, lengths }: DecoderState, examples: readonly number[]): DecoderState {
    const selected = tidy(() => {
      const rows = tensor1d([...examples], "int32");
      return { h: gather(h, rows, 1), memory: gather(memory, rows) };
    });
    return { ...selected, lengths: examples.map((example) => lengths[example] ?? 0) };
  }
}
