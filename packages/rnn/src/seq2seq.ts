import {
  checkArguments,
  checkOptions,
  checkRecord,
  checkShape,
  checkTokens,
  DataError,
  detach,
  type LanguageModel,
  Module,
  OptionError,
  type Rng,
} from "@pellucid/core-train";
import {
  argMax,
  concat,
  fill,
  reshape,
  split,
  type Tensor2D,
  type Tensor3D,
  tidy,
} from "@tensorflow/tfjs-core";
import type { AttentionDecoder, DecoderOutput, DecoderState } from "./attention-decoder.ts";
import { ConditionedDecoder } from "./conditioned-decoder.ts";
import type { EncoderRNN } from "./encoder-rnn.ts";

/** Options for {@link Seq2Seq}. */
export interface Seq2SeqOptions {
  /** The token before the first token of a target. */
  readonly startToken: number;
}

/** The input of {@link Seq2Seq}: sources, and the targets of its decoder. */
export interface Seq2SeqInput {
  /** int32 `[batch, source]` */
  readonly source: Tensor2D;
  /** int32 `[batch, time]`. The last token is not read. */
  readonly target: Tensor2D;
  /** The number of tokens of each source. Default: all. */
  readonly lengths?: readonly number[];
}

/** Options for {@link Seq2Seq.forward}. */
export interface TeacherForcingOptions {
  /**
   * The probability that the decoder's input is the target's token, rather than its own most likely token. There is one draw for each
   * time step but the first, and none for 0 and 1. Default: 1.
   */
  readonly teacherForcing?: number;
  /** Random generator for teacher forcing. */
  readonly rng?: Rng;
}

/**
 * An encoder of a sequence of tokens, and a decoder that attends to it and generates another of any length.
 *
 * Sutskever, Vinyals and Le, 2014. Sequence to sequence learning with neural networks. https://arxiv.org/abs/1409.3215
 */
export class Seq2Seq<Decoder extends AttentionDecoder = AttentionDecoder> extends Module {
  readonly encoder: EncoderRNN;
  readonly decoder: Decoder;
  readonly startToken: number;

  /**
   * @throws {StructError} If encoder or decoder is none.
   * @throws {OptionError} For an unknown option.
   * @throws {DataError} If the states of encoder and decoder differ in size or layers, or the decoder has no such token.
   */
  constructor(encoder: EncoderRNN, decoder: Decoder, options: Seq2SeqOptions) {
    super();
    checkArguments("Seq2Seq", { "{ hiddenSize, gru }": { encoder, decoder } });
    checkOptions("Seq2Seq", options, ["startToken"]);
    const { startToken } = options;
    const [from, to] = [encoder, decoder].map(({ hiddenSize, gru }) => `${gru.numLayers} × ${hiddenSize}`);
    if (from !== to)
      throw new DataError(
        `Seq2Seq: the encoder's state is ${from}, the decoder's ${to} (layers × hidden). Give both the same sizes.`,
      );
    if (!(Number.isInteger(startToken) && startToken >= 0 && startToken < decoder.outputSize))
      throw new DataError(
        `Seq2Seq: startToken is ${startToken}, expected an integer from 0 to ${decoder.outputSize - 1}.`,
      );
    this.encoder = encoder;
    this.decoder = decoder;
    this.startToken = startToken;
  }

  /**
   * The decoder's logits and attention for each token of a target, given the start token and the previous tokens.
   */
  forward(input: Seq2SeqInput, options: TeacherForcingOptions = {}): DecoderOutput {
    checkRecord("Seq2Seq", "the input", input, ["source", "target"]);
    const { source, target, lengths } = input;
    const { teacherForcing = 1, rng } = options;
    checkTeacherForcing(teacherForcing, rng);
    checkShape("Seq2Seq", "source", source, ["batch", "source"]);
    const [batch] = source.shape;
    checkShape("Seq2Seq", "target", target, [batch, "time"]);
    const { logits, attention } = tidy(() => {
      const targets = split<Tensor2D>(target, target.shape[1], 1); // [batch, 1] each
      const outputs: DecoderOutput[] = [];
      let state: DecoderState = this.encoder.forward(source, lengths && { lengths });
      let read: Tensor2D = fill([batch, 1], this.startToken, "int32");
      for (const [t, wanted] of targets.entries()) {
        const step = this.decoder.step(read, state);
        outputs.push(step.output);
        state = step.state;
        const isLast = t === targets.length - 1;
        if (!isLast) read = isForced(teacherForcing, rng) ? wanted : mostLikely(step.output.logits);
      }
      return {
        logits: concat(
          outputs.map((output) => output.logits),
          1,
        ), // [batch, time, token]
        attention: concat(
          outputs.map((output) => output.attention),
          1,
        ), // [batch, time, source]
      };
    });
    return { logits, attention };
  }

  /**
   * The decoder conditioned on a source, as a language model for {@link generate} and {@link beamSearch}:
   *
   * ```ts
   * const [best] = await beamSearch(model.conditionedOn([1, 5, 2]), [model.startToken], { beams: 4, maxNewTokens: 20, endToken });
   * ```
   *
   * @param source the tokens of one source
   * @throws {DataError} If there are none, or one is not in the vocabulary of the encoder.
   */
  conditionedOn(source: ArrayLike<number>): LanguageModel<DecoderState> {
    const tokens = checkTokens("Seq2Seq", "the source", source, this.encoder.embedding.numEmbeddings);
    return new ConditionedDecoder(this.encoder, this.decoder, tokens);
  }
}

/** The most likely token after the last time step, `[batch, 1]`. It is treated as a constant: no gradient flows through it. */
function mostLikely(logits: Tensor3D): Tensor2D {
  const [batch, , vocabSize] = logits.shape;
  return reshape(argMax(detach(reshape(logits, [batch, vocabSize])), 1), [batch, 1]);
}

function isForced(teacherForcing: number, rng: Rng | undefined): boolean {
  if (rng === undefined || teacherForcing === 0 || teacherForcing === 1) return teacherForcing === 1;
  const [drawn = 0] = rng.rand([1]).data;
  return drawn < teacherForcing;
}

function checkTeacherForcing(teacherForcing: number, rng: Rng | undefined): void {
  if (!(teacherForcing >= 0 && teacherForcing <= 1))
    throw new OptionError("Seq2Seq", "teacherForcing", teacherForcing, "a probability, 0 to 1");
  if (teacherForcing > 0 && teacherForcing < 1 && rng === undefined)
    throw new OptionError("Seq2Seq", "rng", rng, "a random generator for a teacherForcing between 0 and 1");
}
