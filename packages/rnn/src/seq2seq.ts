import { checkShape, DataError, detach, Module, OptionError, type Rng } from "@pellucid/core-train";
import {
  argMax,
  fill,
  stack,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tidy,
  unstack,
} from "@tensorflow/tfjs-core";
import type { AttentionDecoder } from "./attention-decoder.ts";
import type { EncoderRNN } from "./encoder-rnn.ts";

/** Options of a {@link Seq2Seq}. */
export interface Seq2SeqOptions {
  /** The token before the first. */
  readonly startToken: number;
}

/** What a {@link Seq2Seq} reads: sequences, and the targets that its decoder is taught. */
export interface Seq2SeqInput {
  /** int32 `[batch, source]` */
  readonly source: Tensor2D;
  /** int32 `[batch, time]`: the tokens to be written. The last is not read. */
  readonly target: Tensor2D;
  /** How many tokens each source has. Default: all. */
  readonly lengths?: readonly number[];
}

/** Options for {@link Seq2Seq.forward}. */
export interface WriteOptions {
  /**
   * How likely the decoder is given the target's token, rather than the one that it thought likeliest itself: one draw for each
   * moment but the first, none for 0 and 1. Default: 1.
   */
  readonly teacherForcing?: number;
  /** Where the draws come from. */
  readonly rng?: Rng;
}

/** What a decoder has written. */
export type Written = {
  /** Of each token, `[batch, time, token]`. */
  readonly logits: Tensor3D;
  /** How much it looked at each token of the source for each that it wrote, `[batch, time, source]`. */
  readonly attention: Tensor3D;
};

/**
 * From one sequence of tokens to another of any length: an encoder reads, and a decoder writes while it looks at what was read.
 *
 * Sutskever, Vinyals and Le, 2014. Sequence to sequence learning with neural networks. https://arxiv.org/abs/1409.3215
 */
export class Seq2Seq<Decoder extends AttentionDecoder = AttentionDecoder> extends Module {
  readonly encoder: EncoderRNN;
  readonly decoder: Decoder;
  readonly startToken: number;

  /** @throws {DataError} If their states differ in size or layers, or the decoder has no such token */
  constructor(encoder: EncoderRNN, decoder: Decoder, { startToken }: Seq2SeqOptions) {
    super();
    const sizes = [encoder, decoder].map(({ hiddenSize, gru }) => `${gru.numLayers} × ${hiddenSize}`);
    if (sizes[0] !== sizes[1])
      throw new DataError(
        `Seq2Seq: the encoder's state is ${sizes[0]}, the decoder's ${sizes[1]}: expected the same.`,
      );
    if (!(Number.isInteger(startToken) && startToken >= 0 && startToken < decoder.outputSize))
      throw new DataError(
        `Seq2Seq: startToken is ${startToken}, expected a whole number from 0 to ${decoder.outputSize - 1}.`,
      );
    this.encoder = encoder;
    this.decoder = decoder;
    this.startToken = startToken;
  }

  /**
   * The logits of each token, after the start token and the target's tokens before it.
   */
  forward({ source, target, lengths }: Seq2SeqInput, options: WriteOptions = {}): Written {
    const { teacherForcing = 1, rng } = options;
    if (!(teacherForcing >= 0 && teacherForcing <= 1))
      throw new OptionError("Seq2Seq", "teacherForcing", teacherForcing, "a share, 0 to 1");
    if (teacherForcing > 0 && teacherForcing < 1 && rng === undefined)
      throw new OptionError("Seq2Seq", "rng", rng, "one to draw from, or a teacherForcing of 0 or 1");
    checkShape("Seq2Seq", "target", target, [source.shape[0] ?? 0, "time"]);
    return tidy(() => {
      const memory = this.encoder.forward(source, lengths);
      const wanted = unstack(target, 1) as Tensor1D[];
      const [logits, attention]: [Tensor2D[], Tensor2D[]] = [[], []];
      let h = memory.h;
      for (let t = 0; t < wanted.length; t++) {
        const after = this.decoder.step(this.#read(wanted, logits, teacherForcing, rng), h, memory);
        logits.push(after.logits);
        attention.push(after.weights);
        h = after.h;
      }
      return { logits: stack(logits, 1) as Tensor3D, attention: stack(attention, 1) as Tensor3D };
    });
  }

  /** The tokens that the decoder is given: the start's, the target's last ones, or its own. */
  #read(wanted: readonly Tensor1D[], said: readonly Tensor2D[], teacherForcing: number, rng?: Rng): Tensor1D {
    const last = said.at(-1);
    if (last === undefined) return fill([(wanted[0] as Tensor1D).size], this.startToken, "int32");
    const taught = rng === undefined || teacherForcing === 0 || teacherForcing === 1;
    const isGiven = taught ? teacherForcing === 1 : (rng.rand([1]).data[0] as number) < teacherForcing;
    return isGiven ? (wanted[said.length - 1] as Tensor1D) : argMax(detach(last), 1);
  }
}
