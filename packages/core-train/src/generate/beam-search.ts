import { gather, reshape, slice, tensor1d, tensor2d, type Tensor2D } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import { DataError } from "../data/data-error.ts";
import { logSoftmax } from "../op/log-softmax.ts";
import { OptionError } from "../option-error.ts";
import { disposeLeaves } from "../struct/dispose-leaves.ts";
import { mapLeaves } from "../struct/map-leaves.ts";
import { tidyLeaves } from "../struct/tidy-leaves.ts";
import { checkLogits } from "./check-logits.ts";
import { checkTokens } from "./check-tokens.ts";
import type { LanguageModel } from "./language-model.ts";

/** Options for {@link beamSearch}. */
export interface BeamSearchOptions {
  /** The number of hypotheses that are kept at each step. With 1 the most likely token is taken each time. */
  readonly beams: number;
  /** The largest number of tokens. */
  readonly maxNewTokens: number;
  /** The score of a hypothesis is its log-likelihood divided by this power of its length. Default: 1. */
  readonly lengthPenalty?: number;
  /** The token that ends a text. Default: none. */
  readonly endToken?: number;
  /** Stops the search: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A text that a {@link beamSearch} has found. */
export interface Hypothesis {
  /** The tokens after the prompt, the end token included. */
  readonly tokens: readonly number[];
  /** The log-likelihood of the tokens after the prompt. */
  readonly logLikelihood: number;
  /** `logLikelihood / length^lengthPenalty` */
  readonly score: number;
}

/**
 * Searches for the most likely texts after a prompt, keeping the `beams` best at each step.
 *
 * @returns up to `beams` hypotheses that have ended or are of full length, the best first
 * @throws {DataError} If the prompt is empty, has a token that the model does not know, or leaves no room in the model's context; or if the
 *   model gives NaN.
 * @throws {OptionError} If a count is not an integer above 0, or `lengthPenalty` is below 0.
 */
export async function beamSearch<State>(
  model: LanguageModel<State>,
  prompt: ArrayLike<number>,
  options: BeamSearchOptions,
): Promise<readonly Hypothesis[]> {
  checkOptions("beamSearch", options, ["beams", "maxNewTokens", "lengthPenalty", "endToken", "signal"]);
  const { beams, maxNewTokens, lengthPenalty = 1, endToken, signal } = options;
  const { vocabSize } = model;
  check(model, prompt, options);
  const scoreOf = (logLikelihood: number, length: number) => logLikelihood / length ** lengthPenalty;
  const ended: Hypothesis[] = [];
  let live: readonly Hypothesis[] = [{ tokens: [], logLikelihood: 0, score: 0 }];
  let unread: readonly (readonly number[])[] = [Array.from(prompt)];
  let state = model.initialState(1);
  try {
    for (let step = 0; step < maxNewTokens && live.length > 0; step++) {
      signal?.throwIfAborted();
      const { logs, after } = tidyLeaves(() => logProbabilities(model, unread, state));
      disposeLeaves(state);
      state = after;
      let values: ArrayLike<number>;
      try {
        values = await logs.data();
      } finally {
        logs.dispose();
      }
      checkLogits("beamSearch", values); // of NaN logits, the log-probabilities are NaN too
      const candidates = Array.from(values, (log, i) => {
        const beam = Math.floor(i / vocabSize);
        const logLikelihood = (live[beam] as Hypothesis).logLikelihood + log;
        return { beam, token: i % vocabSize, logLikelihood };
      });
      candidates.sort((a, b) => b.logLikelihood - a.logLikelihood);
      const kept: { beam: number; hypothesis: Hypothesis }[] = [];
      for (const { beam, token, logLikelihood } of candidates.slice(0, 2 * beams)) {
        const tokens = [...(live[beam] as Hypothesis).tokens, token];
        const hypothesis = { tokens, logLikelihood, score: scoreOf(logLikelihood, tokens.length) };
        if (token === endToken) ended.push(hypothesis);
        else if (kept.length < beams) kept.push({ beam, hypothesis });
      }
      ended.sort((a, b) => b.score - a.score);
      const bar = ended[beams - 1]?.score ?? -Infinity;
      // a log-likelihood only falls, so this is the best score that a live hypothesis can still reach
      const canWin = kept.some(({ hypothesis }) => scoreOf(hypothesis.logLikelihood, maxNewTokens) > bar);
      live = canWin ? kept.map(({ hypothesis }) => hypothesis) : [];
      unread = live.map(({ tokens }) => tokens.slice(-1));
      const selected = tidyLeaves(() =>
        select(
          model,
          state,
          kept.map(({ beam }) => beam),
        ),
      );
      disposeLeaves(state);
      state = selected;
    }
  } finally {
    disposeLeaves(state);
  }
  return [...ended, ...live].toSorted((a, b) => b.score - a.score).slice(0, beams);
}

/** The log-probability of each next token, `[beam, token]`. */
function logProbabilities<State>(
  model: LanguageModel<State>,
  unread: readonly (readonly number[])[],
  state: State,
) {
  const [first = []] = unread;
  const tokens = tensor2d(unread.flat(), [unread.length, first.length], "int32");
  const { output, state: after } = model.step(tokens, state, { lastOnly: true });
  const [batch, time, vocabSize] = output.shape;
  const last: Tensor2D = reshape(slice(output, [0, time - 1, 0], [batch, 1, vocabSize]), [batch, vocabSize]);
  return { logs: logSoftmax(last), after };
}

function select<State>(model: LanguageModel<State>, state: State, examples: readonly number[]): State {
  if (model.select !== undefined) return model.select(state, examples);
  const rows = tensor1d([...examples], "int32");
  return mapLeaves(state, (leaf) => gather(leaf, rows));
}

function check<State>(
  { vocabSize, blockSize = Infinity }: LanguageModel<State>,
  prompt: ArrayLike<number>,
  { beams, maxNewTokens, lengthPenalty = 1 }: BeamSearchOptions,
): void {
  for (const [name, value] of Object.entries({ beams, maxNewTokens }))
    if (!Number.isInteger(value) || value < 1)
      throw new OptionError("beamSearch", name, value, "an integer above 0");
  if (!(lengthPenalty >= 0))
    throw new OptionError("beamSearch", "lengthPenalty", lengthPenalty, "a number of 0 or more");
  const { length } = checkTokens("beamSearch", "the prompt", prompt, vocabSize);
  if (length + maxNewTokens - 1 > blockSize)
    throw new DataError(
      `beamSearch: a prompt of ${length} tokens and ${maxNewTokens} new ones do not fit a context of ${blockSize}. ` +
        "Shorten the prompt or lower maxNewTokens.",
    );
}
