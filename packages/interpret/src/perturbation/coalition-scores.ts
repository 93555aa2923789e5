import type { Structured } from "@pellucid/core-train";
import { add, mul, reshape, sub, Tensor, tensor, concat, type Tensor2D, zeros } from "@tensorflow/tfjs-core";
import { baselineLeaves } from "../score/baseline.ts";
import { apart, copies, isRepeatable } from "../run/copies.ts";
import { checkFinite, modelAdvice } from "../run/check-finite.ts";
import { foldBatches } from "../run/fold-batches.ts";
import type { RunOptions } from "../run/run-options.ts";
import { scoresOf } from "../run/scores-of.ts";
import type { Score } from "../score/score.ts";
import { type Parts, withParts } from "./parts.ts";
import type { Segments } from "./segments.ts";

/**
 * The scores where only some segments are shown and the rest is the baseline. Of a structure one coalition is shown at a time.
 *
 * @param coalitions for each, a 1 or 0 for every segment
 * @returns for each coalition the scores of all examples: `[coalition · batch]`
 */
export async function coalitionScores<X extends Structured<X>>(
  caller: string,
  score: Score<X>,
  x: X,
  { parts, baseline, coalitions }: { parts: Parts; baseline: unknown; coalitions: readonly Uint8Array[] },
  options: RunOptions,
): Promise<Float32Array> {
  const { tensors, segments, batch } = parts;
  const [answers] = await foldBatches(
    { total: coalitions.length, rows: isRepeatable(x) ? batch : Infinity },
    options,
    (): [Tensor2D] => [zeros([0, batch])],
    ([so], from, to): [Tensor2D] => {
      const starts = baselineLeaves(caller, x, baseline);
      const mixed = tensors.map((own, i) => {
        const seen = shown(segments[i] ?? NONE, coalitions.slice(from, to)); // [coalition, 1, …]
        const start = starts[i] ?? own;
        const mix = add(mul(apart(copies(own, to - from), batch), seen), mul(start, sub(1, seen)));
        return reshape(mix, [(to - from) * batch, ...own.shape.slice(1)]);
      });
      const rows = scoresOf(caller, score, withParts(x, mixed), (to - from) * batch);
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

const NONE: Segments = { data: new Int32Array(0), shape: [] };

/** `[coalition, 1, …]`: 1 where the segment is seen. */
function shown({ data, shape }: Segments, coalitions: readonly Uint8Array[]): Tensor {
  const seen = coalitions.flatMap((coalition) => Array.from(data, (label) => coalition[label] ?? 0));
  return tensor(seen, [coalitions.length, 1, ...shape], "float32");
}
