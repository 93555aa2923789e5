import { DataError, sampleToken, type SampleTokenOptions } from "@pellucid/core-train";
import { dispose, reshape, slice, type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";
import type { MambaLm } from "./mamba-lm.ts";

/** How text is made; how each token is drawn, {@link SampleTokenOptions} say. */
export interface GenerateOptions extends SampleTokenOptions {
  /** How many tokens. Default: without end. */
  readonly maxNewTokens?: number;
  /** Stops it: the promise that is awaited rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Goes on with a text, a token at a time. What it remembers is of one size, so that the millionth token costs what the first
 * did, in time and in memory. Whoever stops listening frees it.
 *
 * ```ts
 * for await (const token of generate(model, encode("ROMEO:"), { maxNewTokens: 500, topK: 20, rng })) process.stdout.write(decode(token));
 * ```
 *
 * @param prompt the tokens before, one at least
 * @throws {DataError} for no prompt, or a token that the model does not have
 */
export async function* generate(
  model: MambaLm,
  prompt: ArrayLike<number>,
  options: GenerateOptions = {},
): AsyncGenerator<number, void, undefined> {
  const { maxNewTokens = Infinity, signal, ...sampling } = options;
  const known = Array.from(prompt);
  if (known.length === 0) throw new DataError("generate: the prompt has no token, expected one at least.");
  const stranger = known.find((token) => !(Number.isInteger(token) && token >= 0 && token < model.vocabSize));
  if (stranger !== undefined)
    throw new DataError(
      `generate: the prompt has the token ${stranger}, expected whole numbers from 0 to ${model.vocabSize - 1}.`,
    );
  let tokens: readonly number[] = known;
  let state = model.initialState(1);
  try {
    for (let made = 0; made < maxNewTokens; made++) {
      signal?.throwIfAborted();
      const { logits, after } = tidy(() => {
        const ids: Tensor2D = tensor2d([...tokens], [1, tokens.length], "int32");
        const advanced = model.advance(ids, state);
        const last = slice(advanced.logits, [0, tokens.length - 1, 0], [1, 1, model.vocabSize]);
        return {
          logits: reshape(last, [model.vocabSize]),
          after: [...advanced.state],
        };
      });
      dispose([...state]);
      state = after;
      let chances;
      try {
        chances = await logits.data();
      } finally {
        logits.dispose();
      }
      const token = sampleToken(chances, sampling);
      yield token;
      tokens = [token];
    }
  } finally {
    dispose([...state]);
  }
}
