// Beam search against trying every text.
import { useBackend } from "@pellucid/backends";
import { beamSearch, DataError, logSoftmax, OptionError } from "@pellucid/core-train";
import { Seq2Seq } from "@pellucid/rnn";
import { argMax, memory, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { make } from "./small-seq2seq.ts";

describe("beam search", () => {
  beforeAll(async () => {
    await useBackend({ only: "cpu" });
  });

  const input = [1, 5, 2];
  /** The log-likelihood of each text of a length, or ended earlier by `end`. */
  async function everything(model: Seq2Seq, length: number, end: number) {
    const found: { tokens: number[]; total: number }[] = [];
    const grow = async (tokens: number[], total: number) => {
      if (tokens.length === length || tokens.at(-1) === end) return void found.push({ tokens, total });
      const read = tensor2d([[...tokens, 0]], [1, tokens.length + 1], "int32");
      const { logits } = model.forward({ source: tensor2d([input], [1, 3], "int32"), target: read });
      const logs = ((await logSoftmax(logits).array()) as number[][][])[0]?.at(-1) ?? [];
      for (const [token, log] of logs.entries()) await grow([...tokens, token], total + log);
    };
    await grow([], 0);
    return found;
  }

  test("with enough beams finds the best of all texts, for every length penalty", async () => {
    const model = make("general");
    const all = await everything(model, 3, 2);
    for (const lengthPenalty of [0, 1, 2]) {
      const score = ({ tokens, total }: { tokens: number[]; total: number }) =>
        total / tokens.length ** lengthPenalty;
      const best = all.toSorted((a, b) => score(b) - score(a)).slice(0, 5);
      const found = await beamSearch(model.conditionedOn(input), [model.startToken], {
        beams: 200,
        maxNewTokens: 3,
        endToken: 2,
        lengthPenalty,
      });
      for (const [i, text] of best.entries()) {
        expect(found[i]?.tokens).toEqual(text.tokens);
        expect(found[i]?.logLikelihood).toBeCloseTo(text.total, 5);
        expect(found[i]?.score).toBeCloseTo(score(text), 5);
      }
    }
  });

  test("with one beam takes the most likely token each time, as a decoder without teacher forcing does", async () => {
    const model = make("dot");
    const [found] = await beamSearch(model.conditionedOn(input), [0], { beams: 1, maxNewTokens: 4 });
    const target = tensor2d([[0, 0, 0, 0]], [1, 4], "int32");
    const { logits } = model.forward(
      { source: tensor2d([input], [1, 3], "int32"), target },
      { teacherForcing: 0 },
    );
    expect([...argMax(logits, 2).dataSync()]).toEqual(found?.tokens);
  });

  test("the score does not decrease with more beams; it leaks no tensors, also when it is aborted", async () => {
    const model = make("concat");
    const conditioned = model.conditionedOn(input);
    const before = memory().numTensors;
    const scores: number[] = [];
    for (const beams of [1, 4, 36])
      scores.push(
        (await beamSearch(conditioned, [0], { beams, maxNewTokens: 3, lengthPenalty: 0 }))[0]?.score ??
          Number.NaN,
      );
    expect(scores[1]).toBeGreaterThanOrEqual((scores[0] as number) - 1e-6);
    expect(scores[2]).toBeGreaterThanOrEqual((scores[1] as number) - 1e-6);
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(beamSearch(conditioned, [0], { beams: 2, maxNewTokens: 3, signal })).rejects.toThrow(
      "enough",
    );
    expect(memory().numTensors).toBe(before);
  });

  test("rejects sources that are empty or have unknown tokens, and invalid options", async () => {
    const model = make("dot");
    expect(() => model.conditionedOn([])).toThrow(
      new DataError("Seq2Seq: the source has no tokens, expected at least one."),
    );
    expect(() => model.conditionedOn([1, 7])).toThrow(
      new DataError("Seq2Seq: the source has the token 7, expected integers from 0 to 6."),
    );
    const search = (options: { maxNewTokens: number; lengthPenalty?: number }) =>
      beamSearch(model.conditionedOn([1]), [0], { beams: 1, ...options });
    await expect(search({ maxNewTokens: 0 })).rejects.toThrow(
      new OptionError("beamSearch", "maxNewTokens", 0, "an integer above 0"),
    );
    await expect(search({ maxNewTokens: 2, lengthPenalty: -1 })).rejects.toThrow(OptionError);
  });
});
