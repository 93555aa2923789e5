import { sizeAlong } from "@pellucid/core-train";
import {
  add,
  mul,
  reshape,
  sub,
  type Tensor,
  tensor,
  concat,
  type Tensor2D,
  zeros,
} from "@tensorflow/tfjs-core";
import { type Baseline, baselineLike } from "../score/baseline.ts";
import { apart, copies } from "../run/copies.ts";
import { checkFinite, modelAdvice } from "../run/check-finite.ts";
import { foldBatches } from "../run/fold-batches.ts";
import type { RunOptions } from "../run/run-options.ts";
import { scoresOf } from "../run/scores-of.ts";
import type { Score } from "../score/score.ts";
import type { Segments } from "./segments.ts";

/**
 * The scores where only some segments are shown and the rest is the baseline.
 *
 * @param coalitions for each, a 1 or 0 for every segment
 * @returns for each coalition the scores of all examples: `[coalition · batch]`
 */
export async function coalitionScores<X extends Tensor>(
  caller: string,
  score: Score<X>,
  x: X,
  {
    segments,
    baseline,
    coalitions,
  }: { segments: Segments; baseline: Baseline; coalitions: readonly Uint8Array[] },
  options: RunOptions,
): Promise<Float32Array> {
  const batch = sizeAlong(x, 0);
  const size = segments.data.length;
  const [answers] = await foldBatches(
    { total: coalitions.length, rows: batch },
    options,
    (): [Tensor2D] => [zeros([0, batch])],
    ([so], from, to): [Tensor2D] => {
      const seen = new Float32Array((to - from) * size);
      for (let i = from; i < to; i++) {
        for (let j = 0; j < size; j++) {
          seen[(i - from) * size + j] = coalitions[i]?.[segments.data[j] as number] as number;
        }
      }
      const mask = tensor(seen, [to - from, 1, ...segments.shape]); // [coalition, 1, …]
      const start = baselineLike(caller, x, baseline);
      const mixed = add(mul(apart(copies(x, to - from), batch), mask), mul(start, sub(1, mask)));
      const rows = scoresOf(caller, score, reshape(mixed, [(to - from) * batch, ...x.shape.slice(1)]) as X);
      return [concat([so, reshape(rows, [to - from, batch])], 0) as Tensor2D];
    },
  );
  try {
    const scores = (await answers.data()) as Float32Array;
    checkFinite(caller, "the score", scores, [coalitions.length, batch], modelAdvice);
    return scores;
  } finally {
    answers.dispose();
  }
}
