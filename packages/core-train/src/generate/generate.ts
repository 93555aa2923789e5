import { reshape, slice, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import { compiledIf } from "../compile/compiled-if.ts";
import { recordingNow } from "../compile/recording-now.ts";
import { Module } from "../module/module.ts";
import { disposeLeaves } from "../struct/dispose-leaves.ts";
import { tidyLeaves } from "../struct/tidy-leaves.ts";
import { checkTokens } from "./check-tokens.ts";
import type { LanguageModel } from "./language-model.ts";
import { sampleToken, type SampleTokenOptions } from "./sample-token.ts";
import { checkArguments } from "../check-arguments.ts";

/** Options for {@link generate}. */
export interface GenerateOptions extends SampleTokenOptions {
  /** The largest number of tokens. Default: unlimited. */
  readonly maxNewTokens?: number;
  /** The token that ends a text; it is given too. Default: none. */
  readonly endToken?: number;
  /** Whether to `compile` the step of a token. It pays where a state keeps its size, as in recurrent models and Mamba; a cache that grows runs op by op. Default: false. */
  readonly compile?: boolean;
  /** Stops the generation: the promise that is awaited rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Generates a text token by token. The state is carried along, so that no token is read twice.
 *
 * A text longer than the model's `blockSize` is cut to its last `blockSize` tokens. They are read again for each new token, since
 * their positions have changed.
 *
 * ```ts
 * const tokens = generate(model, tokenizer.encode("ROMEO:"), { maxNewTokens: 500, topK: 20, rng });
 * for await (const piece of streamText(tokens, tokenizer)) process.stdout.write(piece);
 * ```
 *
 * Stop iterating to stop generating; the state is freed.
 *
 * @param prompt the tokens to continue, at least one
 * @throws {DataError} If the prompt is empty, or has a token that the model does not know; or if the model gives NaN.
 */
export async function* generate<State>(
  model: LanguageModel<State>,
  prompt: ArrayLike<number>,
  options: GenerateOptions = {},
): AsyncGenerator<number, void, undefined> {
  checkArguments("generate", { "{ step }": { model }, numbers: { prompt } });
  checkOptions("generate", options, [
    "maxNewTokens",
    "endToken",
    "signal",
    "compile",
    "temperature",
    "topK",
    "topP",
    "rng",
  ]);
  const { maxNewTokens = Infinity, endToken, signal, compile: compiles, ...sampling } = options;
  const { blockSize = Infinity, vocabSize } = model;
  let unread = checkTokens("generate", "the prompt", prompt, vocabSize);
  let context = unread;
  const read = (tokens: Tensor2D, before: State) =>
    tidyLeaves(() => {
      if (model instanceof Module) recordingNow()?.modules.add(model);
      const { output, state: after } = model.step(tokens, before, { lastOnly: true });
      const last = slice(output, [0, output.shape[1] - 1, 0], [1, 1, vocabSize]);
      return { logits: reshape(last, [vocabSize]), after };
    });
  const readTokens = await compiledIf(compiles, read);
  let state = model.initialState(1);
  try {
    for (let count = 0; count < maxNewTokens; count++) {
      signal?.throwIfAborted();
      if (context.length > blockSize) {
        context = context.slice(-blockSize);
        unread = context;
        disposeLeaves(state);
        state = model.initialState(1);
      }
      const { logits, after } = tidyLeaves(() =>
        readTokens(tensor2d([...unread], [1, unread.length], "int32"), state),
      );
      disposeLeaves(state);
      state = after;
      let values: ArrayLike<number>;
      try {
        values = await logits.data();
      } finally {
        logits.dispose();
      }
      const token = sampleToken(values, sampling);
      yield token;
      if (token === endToken) return;
      unread = [token];
      if (blockSize < Infinity) context = [...context, token];
    }
  } finally {
    readTokens.dispose?.();
    disposeLeaves(state);
  }
}
