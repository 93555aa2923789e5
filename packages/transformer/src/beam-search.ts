import { checkTokens, DataError, type LanguageModel, logSoftmax, OptionError } from "@pellucid/core-train";
import { dispose, gather, tensor1d, tensor2d, type Tensor, tidy } from "@tensorflow/tfjs-core";

/** How the likeliest text is looked for. */
export interface BeamSearchOptions {
  /** How many texts are kept at each step. */
  readonly beams: number;
  /** How many tokens at most. */
  readonly maxNewTokens: number;
  /** A text's score is its log-likelihood divided by this power of its length. Default: 1. */
  readonly lengthPenalty?: number;
  /** The token after which nothing comes. Default: none. */
  readonly endToken?: number;
  /** Stops it: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A text that was found. */
export interface FoundText {
  /** What comes after the prompt. */
  readonly tokens: readonly number[];
  /** Of the tokens after the prompt. */
  readonly logLikelihood: number;
  /** `logLikelihood / length^lengthPenalty` */
  readonly score: number;
}

/**
 * The likeliest texts after a prompt that a search finds which keeps the `beams` best at each step: those that have ended or are of
 * full length, the best first.
 *
 * @throws {DataError} for no prompt, a token that the model does not have, or a text longer than the model's context
 */
export async function beamSearch(
  model: LanguageModel<Remembered>,
  prompt: ArrayLike<number>,
  options: BeamSearchOptions,
): Promise<readonly FoundText[]> {
  const { beams, maxNewTokens, lengthPenalty = 1, endToken, signal } = options;
  for (const [name, value] of Object.entries({ beams, maxNewTokens }))
    if (!Number.isInteger(value) || value < 1)
      throw new OptionError("beamSearch", name, value, "a whole number above 0");
  const { blockSize = Infinity } = model;
  const known = checkTokens("beamSearch", prompt, model.vocabSize);
  if (known.length + maxNewTokens - 1 > (model.blockSize ?? Infinity))
    throw new DataError(
      `beamSearch: a prompt of ${known.length} tokens and ${maxNewTokens} more are too long for a context of ${blockSize}.`,
    );
  const found = (tokens: readonly number[], logLikelihood: number): FoundText => ({
    tokens,
    logLikelihood,
    score: logLikelihood / tokens.length ** lengthPenalty,
  });
  const ended: FoundText[] = [];
  let live: readonly FoundText[] = [{ tokens: [], logLikelihood: 0, score: 0 }];
  let unread: readonly (readonly number[])[] = [known];
  let state: Remembered = model.initialState(1);
  try {
    for (let step = 0; step < maxNewTokens && live.length > 0; step++) {
      signal?.throwIfAborted();
      const width = (unread[0] as readonly number[]).length;
      const { chances, after } = tidy(() => {
        const tokens = tensor2d(unread.flat(), [unread.length, width], "int32");
        const next = model.step(tokens, state, { lastOnly: true });
        return { chances: logSoftmax(next.output), after: next.state };
      });
      dispose(state);
      state = after;
      let logs: ArrayLike<number>;
      try {
        logs = await chances.data();
      } finally {
        chances.dispose();
      }
      const ways = Array.from(logs, (log, i) => {
        const beam = Math.floor(i / model.vocabSize);
        return { beam, token: i % model.vocabSize, total: (live[beam] as FoundText).logLikelihood + log };
      });
      ways.sort((a, b) => b.total - a.total);
      const kept: { beam: number; text: FoundText }[] = [];
      for (const { beam, token, total } of ways.slice(0, 2 * beams)) {
        const text = found([...(live[beam] as FoundText).tokens, token], total);
        if (token === endToken) ended.push(text);
        else if (kept.length < beams) kept.push({ beam, text });
      }
      live = kept.map(({ text }) => text);
      unread = live.map(({ tokens }) => tokens.slice(-1));
      const origins = kept.map(({ beam }) => beam);
      const reordered = tidy(() => pick(state, origins));
      dispose(state);
      state = reordered;
    }
  } finally {
    dispose(state);
  }
  return [...ended, ...live].toSorted((a, b) => b.score - a.score).slice(0, beams);
}

/** All that a model remembers of texts: tensors whose first axis is the batch, in a record per layer. */
type Remembered = Record<string, Tensor>[];

/** What is remembered of some texts of the batch, in the order given. */
function pick(state: Remembered, places: readonly number[]): Remembered {
  const rows = tensor1d([...places], "int32");
  return state.map((layer) =>
    Object.fromEntries(Object.entries(layer).map(([name, x]: [string, Tensor]) => [name, gather(x, rows)])),
  );
}
