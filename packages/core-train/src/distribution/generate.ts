import {
  dispose,
  reshape,
  slice,
  type TensorContainer,
  type Tensor2D,
  tensor2d,
  type Tensor3D,
  tidy,
} from "@tensorflow/tfjs-core";
import { DataError } from "../data/data-error.ts";
import type { SequenceLayer, Step } from "../module/sequence-layer.ts";
import { sampleToken, type SampleTokenOptions } from "./sample-token.ts";

/** Options for a step of a {@link LanguageModel}. */
export interface LanguageModelStepOptions {
  /** Whether only the logits after the last token are needed, so that a model may leave out the others. Default: false. */
  readonly lastOnly?: boolean;
}

/** A model that reads tokens and gives logits of the next. */
export interface LanguageModel<State extends TensorContainer> extends SequenceLayer<
  Tensor2D,
  Tensor3D,
  State
> {
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
}

/** How text is made; how each token is drawn, {@link SampleTokenOptions} say. */
export interface GenerateOptions extends SampleTokenOptions {
  /** How many tokens. Default: without end. */
  readonly maxNewTokens?: number;
  /** The token after which nothing comes: it is given, and is the last. Default: none. */
  readonly endToken?: number;
  /** Stops it: the promise that is awaited rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Goes on with a text, a token at a time; each from what the model remembers, so that no token is read twice. A text longer than
 * what the model can look back at is read through a window, which is read anew for each token, as every place in it has changed.
 * Whoever stops listening frees all.
 *
 * ```ts
 * for await (const token of generate(model, encode("ROMEO:"), { maxNewTokens: 500, topK: 20, rng })) process.stdout.write(decode([token]));
 * ```
 *
 * @param prompt the tokens before, one at least
 * @throws {DataError} for no prompt, or a token that the model does not have
 */
export async function* generate<State extends TensorContainer>(
  model: LanguageModel<State>,
  prompt: ArrayLike<number>,
  options: GenerateOptions = {},
): AsyncGenerator<number, void, undefined> {
  const { maxNewTokens = Infinity, endToken, signal, ...sampling } = options;
  const { blockSize = Infinity, vocabSize } = model;
  let unread = checkTokens("generate", prompt, vocabSize);
  let window = unread;
  let state = model.initialState(1);
  try {
    for (let made = 0; made < maxNewTokens; made++) {
      signal?.throwIfAborted();
      if (window.length > blockSize) {
        window = window.slice(-blockSize);
        unread = window;
        dispose(state);
        state = model.initialState(1);
      }
      const { logits, after } = tidy(() => {
        const ids: Tensor2D = tensor2d([...unread], [1, unread.length], "int32");
        const step = model.step(ids, state, { lastOnly: true });
        const last = slice(step.output, [0, step.output.shape[1] - 1, 0], [1, 1, vocabSize]);
        return { logits: reshape(last, [vocabSize]), after: step.state };
      });
      dispose(state);
      state = after;
      let chances;
      try {
        chances = await logits.data();
      } finally {
        logits.dispose();
      }
      const token = sampleToken(chances, sampling);
      yield token;
      if (token === endToken) return;
      unread = [token];
      if (blockSize < Infinity) window = [...window, token];
    }
  } finally {
    dispose(state);
  }
}

/**
 * The tokens of a prompt.
 *
 * @throws {DataError} for none, or one that is not from 0 to `vocabSize − 1`
 */
export function checkTokens(who: string, prompt: ArrayLike<number>, vocabSize: number): readonly number[] {
  const tokens = Array.from(prompt);
  if (tokens.length === 0) throw new DataError(`${who}: the prompt has no token, expected one at least.`);
  const stranger = tokens.find((token) => !(Number.isInteger(token) && token >= 0 && token < vocabSize));
  if (stranger === undefined) return tokens;
  throw new DataError(
    `${who}: the prompt has the token ${stranger}, expected whole numbers from 0 to ${vocabSize - 1}.`,
  );
}
