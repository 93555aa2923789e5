import { checkArguments, checkOptions, checkRng, OptionError, type Structured } from "@pellucid/core-train";
import { checkCount } from "../run/check-count.ts";
import { coalitionScores } from "./coalition-scores.ts";
import type { PerturbationOptions } from "./perturbation-options.ts";
import { partsOf } from "./parts.ts";
import type { Solution } from "./solve-symmetric.ts";
import { spreadOverSegments } from "./spread-over-segments.ts";
import type { Score } from "../score/score.ts";
import { weightedRegression } from "./weighted-regression.ts";

/**
 * Shapley values as a regression: the additive explanation closest to the score over coalitions, weighted by
 * `(n − 1) / (C(n, s) s (n − s))`, that is exact for nothing seen and for all seen (solved for, not enforced by a large weight).
 *
 * Where all coalitions fit into `samples`, it takes all of them and is exact; otherwise it draws them, each with its complement. `samples` is
 * `2 n + 2048` by default, as in the shap package; fewer than `2 (n − 1)` cannot determine the values of `n` segments.
 *
 * Lundberg and Lee, 2017, theorem 2. https://arxiv.org/abs/1705.07874
 *
 * An input may be a structure whose float tensors have the examples along their first axis, such as an image with a time; the others stay.
 *
 * @returns every input has the value of its segment
 * @throws OptionError where the coalitions do not determine all values
 */
export function kernelShap<X extends Structured<X>>(
  score: Score<X>,
  options: PerturbationOptions<X>,
): (x: X) => Promise<X> {
  checkArguments("kernelShap", { function: { score } });
  checkRng("kernelShap", options);
  checkOptions("kernelShap", options, [
    "rng",
    "segments",
    "baseline",
    "samples",
    "batchSize",
    "signal",
    "onProgress",
  ]);
  const { baseline = 0, rng } = options;
  if (options.samples !== undefined) checkCount("kernelShap", "samples", options.samples);
  return async (x) => {
    const parts = partsOf("kernelShap", x, options.segments);
    const { count, batch } = parts;
    const { samples = 2 * count + 2048 } = options;
    const enumerated = 2 ** count - 2 <= samples;
    const inner = enumerated
      ? allBetween(count)
      : drawn(
          count,
          samples,
          (n) => rng.randperm(n),
          () => rng.rand([1]).data[0] ?? NaN,
        );
    if (inner.length < 2 * (count - 1) && !enumerated)
      throw tooFew(samples, count, `${2 * (count - 1)} at least`);
    const ends = [new Uint8Array(count), new Uint8Array(count).fill(1)];
    const scores = await coalitionScores(
      "kernelShap",
      score,
      x,
      { parts, baseline, coalitions: [...ends, ...inner] },
      options,
    );
    const weights = inner.map((seen) => (enumerated ? kernelWeight(seen) : 1));
    const { values, rank } = constrained(inner, weights, scores, count, batch);
    if (rank < count - 1) throw tooFew(samples, count, `more: those drawn determine only ${rank + 1}`);
    return spreadOverSegments(x, parts, values);
  };
}

function tooFew(samples: number, count: number, expected: string): OptionError {
  return new OptionError(
    "kernelShap",
    "samples",
    `${samples} for ${count} segments`,
    `${expected}. Take more samples, or fewer segments: gridSegments(height, width, rows)`,
  );
}

/**
 * Least squares under `Σ φ = whole`: the last segment is what the others leave.
 *
 * @param scores `[coalition · batch]`, the first with nothing seen, the second with all
 * @returns `[batch · segment]`, and the rank of the regression, `count − 1` where it determines all values
 */
function constrained(
  coalitions: readonly Uint8Array[],
  weights: readonly number[],
  scores: Float32Array,
  count: number,
  batch: number,
): Solution {
  const none = scores.subarray(0, batch);
  const whole = Float64Array.from(none, (score, b) => (scores[batch + b] ?? 0) - score);
  if (count === 1) return { values: whole, rank: 0 };
  const rows = coalitions.map((seen) => {
    const last = seen[count - 1] ?? 0;
    return Float64Array.from(seen.subarray(0, count - 1), (one) => one - last);
  });
  const targets = Float64Array.from({ length: coalitions.length * batch }, (_, i) => {
    const [coalition, b] = [Math.floor(i / batch), i % batch];
    const gain = (scores[(coalition + 2) * batch + b] ?? 0) - (none[b] ?? 0);
    return gain - (coalitions[coalition]?.[count - 1] ?? 0) * (whole[b] ?? 0);
  });
  const found = weightedRegression(rows, targets, weights); // [segment − 1 · batch]
  const values = new Float64Array(batch * count);
  for (let b = 0; b < batch; b++) {
    let rest = 0;
    for (let i = 0; i < count - 1; i++) rest += values[b * count + i] = found.values[i * batch + b] ?? 0;
    values[(b + 1) * count - 1] = (whole[b] ?? 0) - rest;
  }
  return { values, rank: found.rank };
}

function allBetween(count: number): Uint8Array[] {
  return Array.from({ length: Math.max(0, 2 ** count - 2) }, (_, code) =>
    Uint8Array.from({ length: count }, (__, i) => ((code + 1) >> i) & 1),
  );
}

function kernelWeight(seen: Uint8Array): number {
  const n = seen.length;
  const s = seen.reduce((a, b) => a + b, 0);
  let choose = 1;
  for (let i = 0; i < s; i++) choose = (choose * (n - i)) / (i + 1);
  return (n - 1) / (choose * s * (n - s));
}

/** Sizes are drawn by the kernel's weight of all coalitions of that size, members evenly. */
function drawn(
  count: number,
  samples: number,
  permute: (n: number) => Int32Array,
  uniform: () => number,
): Uint8Array[] {
  const bySize = Array.from({ length: count - 1 }, (_, i) => 1 / ((i + 1) * (count - i - 1)));
  const total = bySize.reduce((a, b) => a + b, 0);
  return Array.from({ length: Math.ceil(samples / 2) }, () => {
    let left = uniform() * total;
    let size = 1;
    while (size < count - 1 && left > (bySize[size - 1] ?? NaN)) left -= bySize[size++ - 1] ?? NaN;
    const seen = new Uint8Array(count);
    for (const member of permute(count).slice(0, size)) seen[member] = 1;
    return [seen, seen.map((one) => 1 - one)];
  }).flat();
}
