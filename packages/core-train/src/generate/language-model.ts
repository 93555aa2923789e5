import type { Tensor2D, Tensor3D } from "@tensorflow/tfjs-core";
import type { SequenceLayer, Step } from "../module/sequence-layer.ts";

/** Options for a step of a {@link LanguageModel}. */
export interface LanguageModelStepOptions {
  /** Whether only the logits after the last token are needed, so that a model may leave out the others. Default: false. */
  readonly lastOnly?: boolean;
}

/**
 * A model that reads tokens and gives the logits of the next: a language model, or a decoder whose state holds what its encoder has
 * read.
 */
export interface LanguageModel<State> extends SequenceLayer<Tensor2D, Tensor3D, State> {
  /** The size of the vocabulary. */
  readonly vocabSize: number;
  /** The context length, in tokens. Default: unlimited. */
  readonly blockSize?: number;
  /**
   * Reads the next tokens.
   *
   * @param tokens int32 `[batch, time]`
   * @returns logits of the token after each, `[batch, time, token]`; with `lastOnly` at least of the token after the last
   */
  step(tokens: Tensor2D, state: State, options?: LanguageModelStepOptions): Step<Tensor3D, State>;
  /**
   * The states of some examples of the batch, in the order given; one may come several times. Default: those rows of every tensor
   * in the state.
   */
  select?(state: State, examples: readonly number[]): State;
}
