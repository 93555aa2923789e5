import { checkArguments, checkOptions, checkRng, type Structured } from "@pellucid/core-train";
import { coalitionScores } from "./coalition-scores.ts";
import type { PerturbationOptions } from "./perturbation-options.ts";
import { partsOf } from "./parts.ts";
import { spreadOverSegments } from "./spread-over-segments.ts";
import { checkCount } from "../run/check-count.ts";
import type { Score } from "../score/score.ts";

/**
 * Shapley values: what each segment adds to the score, averaged over all orders in which segments may come into sight. They add up to
 * `score(x) − score(baseline)`.
 *
 * Exact where all `2^n` coalitions fit into `samples`, otherwise over random orders, each forwards and backwards.
 *
 * Shapley, 1953; sampling: Castro, Gómez and Tejada, 2009. https://doi.org/10.1016/j.cor.2008.04.004
 *
 * An input may be a structure whose float tensors have the examples along their first axis, such as an image with a time; the others stay.
 *
 * @returns every input has the value of its segment
 */
export function shapley<X extends Structured<X>>(
  score: Score<X>,
  options: PerturbationOptions<X>,
): (x: X) => Promise<X> {
  checkArguments("shapley", { function: { score } });
  checkRng("shapley", options);
  checkOptions("shapley", options, [
    "rng",
    "segments",
    "baseline",
    "samples",
    "batchSize",
    "signal",
    "onProgress",
  ]);
  const { baseline = 0, samples = 1024 } = options;
  checkCount("shapley", "samples", samples);
  return async (x) => {
    const parts = partsOf("shapley", x, options.segments);
    const { count, batch } = parts;
    const ask = (coalitions: readonly Uint8Array[]) =>
      coalitionScores("shapley", score, x, { parts, baseline, coalitions }, options);
    const values =
      2 ** count <= samples ? await exact(count, batch, ask) : await sampled(count, batch, options, ask);
    return spreadOverSegments(x, parts, values);
  };
}

type Ask = (coalitions: readonly Uint8Array[]) => Promise<Float32Array>;

async function exact(count: number, batch: number, ask: Ask): Promise<Float64Array> {
  const all = Array.from({ length: 2 ** count }, (_, code) =>
    Uint8Array.from({ length: count }, (__, i) => (code >> i) & 1),
  );
  const scores = await ask(all);
  const values = new Float64Array(batch * count);
  const weights = coalitionWeights(count);
  for (let code = 0; code < all.length; code++) {
    const size = (all[code] as Uint8Array).reduce((a, b) => a + b, 0);
    for (let i = 0; i < count; i++) {
      if ((code >> i) & 1) continue;
      const joined = code | (1 << i);
      for (let b = 0; b < batch; b++) {
        const gain = (scores[joined * batch + b] ?? NaN) - (scores[code * batch + b] ?? NaN);
        values[b * count + i] = (values[b * count + i] ?? NaN) + (weights[size] ?? NaN) * gain;
      }
    }
  }
  return values;
}

/** `s! (n − s − 1)! / n!` */
function coalitionWeights(count: number): Float64Array {
  const weights = new Float64Array(count);
  weights[0] = 1 / count;
  for (let s = 1; s < count; s++) weights[s] = ((weights[s - 1] ?? NaN) * s) / (count - s);
  return weights;
}

async function sampled(
  count: number,
  batch: number,
  { rng, samples = 1024 }: Pick<PerturbationOptions, "rng" | "samples">,
  ask: Ask,
): Promise<Float64Array> {
  const pairs = Math.max(1, Math.floor(samples / (2 * (count + 1))));
  const orders = Array.from({ length: pairs }, () => rng.randperm(count)).flatMap((order) => [
    order,
    order.toReversed(),
  ]);
  const coalitions = orders.flatMap((order) => {
    const seen = new Uint8Array(count);
    return [
      seen.slice(),
      ...Array.from(order, (segment) => {
        seen[segment] = 1;
        return seen.slice();
      }),
    ];
  });
  const scores = await ask(coalitions);
  const values = new Float64Array(batch * count);
  orders.forEach((order, o) => {
    order.forEach((segment, rank) => {
      const after = (o * (count + 1) + rank + 1) * batch;
      for (let b = 0; b < batch; b++) {
        const gain = (scores[after + b] ?? NaN) - (scores[after - batch + b] ?? NaN);
        values[b * count + segment] = (values[b * count + segment] ?? NaN) + gain / orders.length;
      }
    });
  });
  return values;
}
