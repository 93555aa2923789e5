import type { Tensor } from "@tensorflow/tfjs-core";
import { coalitionScores } from "./coalition-scores.ts";
import type { PerturbationOptions } from "./perturbation-options.ts";
import { countSegments, eachInput } from "./segments.ts";
import { spreadOverSegments } from "./spread-over-segments.ts";
import type { Score } from "../score/score.ts";
import { weightedRegression } from "./weighted-regression.ts";

/**
 * Shapley values as a regression: the additive explanation closest to the score over coalitions, weighted by
 * `(n − 1) / (C(n, s) s (n − s))`, that is exact for nothing seen and for all seen (solved for, not enforced by a large weight).
 *
 * Where all coalitions fit into `samples`, it takes all of them and is exact; otherwise it draws them, each with its complement.
 *
 * Lundberg and Lee, 2017, theorem 2. https://arxiv.org/abs/1705.07874
 *
 * @returns every input has the value of its segment
 */
export function kernelShap<X extends Tensor>(
  score: Score<X>,
  options: PerturbationOptions,
): (x: X) => Promise<X> {
  const { baseline = 0, samples = 1024, rng } = options;
  return async (x) => {
    const segments = options.segments ?? eachInput(x);
    const count = countSegments("kernelShap", segments, x);
    const batch = x.shape[0] as number;
    const enumerated = 2 ** count - 2 <= samples;
    const inner = enumerated
      ? allBetween(count)
      : drawn(
          count,
          samples,
          (n) => rng.randperm(n),
          () => rng.rand([1]).data[0] as number,
        );
    const ends = [new Uint8Array(count), new Uint8Array(count).fill(1)];
    const scores = await coalitionScores(
      score,
      x,
      { segments, baseline, coalitions: [...ends, ...inner] },
      options,
    );
    const weights = inner.map((seen) => (enumerated ? kernelWeight(seen) : 1));
    const values = new Float64Array(batch * count);
    for (let b = 0; b < batch; b++) {
      const [none, all] = [scores[b] as number, scores[batch + b] as number];
      values.set(
        constrained(inner, weights, (i) => (scores[(i + 2) * batch + b] as number) - none, all - none, count),
        b * count,
      );
    }
    return spreadOverSegments(x, segments, values);
  };
}

/** Least squares under `Σ φ = whole`: the last segment is what the others leave. */
function constrained(
  coalitions: readonly Uint8Array[],
  weights: readonly number[],
  gain: (i: number) => number,
  whole: number,
  count: number,
): Float64Array {
  if (count === 1) return Float64Array.of(whole);
  const rows = coalitions.map((seen) => {
    const last = seen[count - 1] as number;
    return Float64Array.from({ length: count - 1 }, (_, i) => (seen[i] as number) - last);
  });
  const targets = coalitions.map((seen, i) => gain(i) - (seen[count - 1] as number) * whole);
  const found = weightedRegression(rows, targets, weights);
  const rest = whole - found.reduce((a, b) => a + b, 0);
  return Float64Array.of(...found, rest);
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
    while (size < count - 1 && left > (bySize[size - 1] as number)) left -= bySize[size++ - 1] as number;
    const seen = new Uint8Array(count);
    for (const member of permute(count).slice(0, size)) seen[member] = 1;
    return [seen, seen.map((one) => 1 - one)];
  }).flat();
}
