import { DataError, logSoftmax, OptionError } from "@pellucid/core-train";
import {
  dispose,
  gather,
  tensor1d,
  type Tensor2D,
  tensor2d,
  type Tensor3D,
  tidy,
  tile,
} from "@tensorflow/tfjs-core";
import type { AttentionDecoder } from "./attention-decoder.ts";
import type { Seq2Seq } from "./seq2seq.ts";

/** How a translation is looked for. */
export interface TranslateOptions {
  /** How many tokens at most. */
  readonly maxLength: number;
  /** The token after which nothing comes. Default: none. */
  readonly endToken?: number;
  /** How many beginnings are kept at each step; with 1 the likeliest token is taken each time. Default: 1. */
  readonly beams?: number;
  /** A score is the log-likelihood divided by this power of the length. Default: 1. */
  readonly lengthPenalty?: number;
  /** Stops it: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A translation that was found. */
export interface Translation {
  /** With the end, where there is one. */
  readonly tokens: readonly number[];
  readonly logLikelihood: number;
  /** `logLikelihood / length^lengthPenalty` */
  readonly score: number;
  /** For each token how much the decoder looked at each of the source. */
  readonly attention: readonly Float32Array[];
}

/**
 * Writes what a source becomes: by beam search, which keeps the `beams` likeliest beginnings and goes on from each.
 *
 * @returns as many translations as there are beams, or fewer; the best first
 * @throws {DataError} for a source without tokens, or with one that the encoder does not have
 * @throws {OptionError} for a count that is no whole number above 0, or a `lengthPenalty` below 0
 */
export async function translate(
  model: Seq2Seq<AttentionDecoder>,
  source: ArrayLike<number>,
  options: TranslateOptions,
): Promise<readonly Translation[]> {
  const { maxLength, endToken, beams = 1, lengthPenalty = 1, signal } = options;
  check(model, source, options);
  const score = (logLikelihood: number, length: number) => logLikelihood / length ** lengthPenalty;
  const ended: Translation[] = [];
  let live: readonly Translation[] = [{ tokens: [], logLikelihood: 0, score: 0, attention: [] }];
  const memory = tidy(() => {
    const { y, h } = model.encoder.forward(tensor2d(Array.from(source), [1, source.length], "int32"));
    return { y, h };
  });
  let h = memory.h;
  try {
    for (let step = 0; step < maxLength && live.length > 0; step++) {
      signal?.throwIfAborted();
      const next = tidy(() => advance(model, live, h, memory.y));
      h.dispose();
      h = next.h;
      const [logs, weights] = await read(next.logs, next.weights);
      const ways = Array.from(logs, (log, i) => {
        const beam = Math.floor(i / model.decoder.outputSize);
        return {
          beam,
          token: i % model.decoder.outputSize,
          total: (live[beam] as Translation).logLikelihood + log,
        };
      }).toSorted((a, b) => b.total - a.total);
      const kept: { beam: number; text: Translation }[] = [];
      for (const { beam, token, total } of ways.slice(0, 2 * beams)) {
        const { tokens, attention } = live[beam] as Translation;
        const looked = weights.slice(beam * source.length, (beam + 1) * source.length);
        const text = {
          tokens: [...tokens, token],
          logLikelihood: total,
          score: score(total, tokens.length + 1),
          attention: [...attention, looked],
        };
        if (token === endToken) ended.push(text);
        else if (kept.length < beams) kept.push({ beam, text });
      }
      live = kept.map(({ text }) => text);
      ended.sort((a, b) => b.score - a.score);
      const bar = ended[beams - 1]?.score ?? -Infinity; // likelihoods only fall: who cannot reach it at full length never will
      if (live.every(({ logLikelihood }) => score(logLikelihood, maxLength) <= bar)) live = [];
      const before = h;
      const rows = kept.map(({ beam }) => beam);
      h = tidy(() => gather(before, tensor1d(rows, "int32"), 1));
      before.dispose();
    }
  } finally {
    dispose([memory.y, h]);
  }
  return [...ended, ...live].toSorted((a, b) => b.score - a.score).slice(0, beams);
}

/** What may come next in each of some texts. */
function advance(model: Seq2Seq<AttentionDecoder>, live: readonly Translation[], h: Tensor3D, y: Tensor3D) {
  const last = live.map(({ tokens }) => tokens.at(-1) ?? model.startToken);
  const memory = { y: tile(y, [live.length, 1, 1]), lengths: live.map(() => y.shape[1]) };
  const after = model.decoder.step(tensor1d(last, "int32"), h, memory);
  return { logs: logSoftmax(after.logits) as Tensor2D, weights: after.weights, h: after.h };
}

/** The numbers of two tensors, which are freed. */
async function read(a: Tensor2D, b: Tensor2D): Promise<[Float32Array, Float32Array]> {
  try {
    return await Promise.all([a.data<"float32">(), b.data<"float32">()]);
  } finally {
    dispose([a, b]);
  }
}

function check(model: Seq2Seq<AttentionDecoder>, source: ArrayLike<number>, options: TranslateOptions): void {
  const { maxLength, beams = 1, lengthPenalty = 1 } = options;
  for (const [name, value] of Object.entries({ maxLength, beams }))
    if (!Number.isInteger(value) || value < 1)
      throw new OptionError("translate", name, value, "a whole number above 0");
  if (!(lengthPenalty >= 0))
    throw new OptionError("translate", "lengthPenalty", lengthPenalty, "a number of 0 or more");
  if (source.length === 0) throw new DataError("translate: the source has no token, expected one at least.");
  const { numEmbeddings } = model.encoder.embedding;
  const stranger = Array.from(source).find(
    (token) => !(Number.isInteger(token) && token >= 0 && token < numEmbeddings),
  );
  if (stranger !== undefined)
    throw new DataError(
      `translate: the source has the token ${stranger}, expected whole numbers from 0 to ${numEmbeddings - 1}.`,
    );
}
