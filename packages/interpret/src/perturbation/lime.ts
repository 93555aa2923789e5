import { sizeAlong } from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";
import { coalitionScores } from "./coalition-scores.ts";
import type { PerturbationOptions } from "./perturbation-options.ts";
import { countSegments, eachInput } from "./segments.ts";
import { spreadOverSegments } from "./spread-over-segments.ts";
import { checkCount } from "../run/check-count.ts";
import type { Score } from "../score/score.ts";
import { weightedRegression } from "./weighted-regression.ts";

/** Options for {@link lime}. */
export interface LimeOptions extends PerturbationOptions {
  /** How near a coalition must be to all seen to count, as cosine distance. Default: 0.25. */
  readonly kernelWidth?: number;
  /** The weight of the coefficients' squares. Default: 1e-3. */
  readonly ridge?: number;
}

/**
 * A linear model of the score near the example: ridge regression on random coalitions of segments, weighted by
 * `exp(−d² / width²)`, `d` the cosine distance to all seen. The intercept is not shown.
 *
 * Ribeiro, Singh and Guestrin, 2016, section 3.4. https://arxiv.org/abs/1602.04938
 *
 * @returns every input has the coefficient of its segment
 */
export function lime<X extends Tensor>(score: Score<X>, options: LimeOptions): (x: X) => Promise<X> {
  const { rng, baseline = 0, samples = 1024, kernelWidth = 0.25, ridge = 1e-3 } = options;
  checkCount("lime", "samples", samples);
  return async (x) => {
    const segments = options.segments ?? eachInput(x);
    const count = countSegments("lime", segments, x);
    const batch = sizeAlong(x, 0);
    const coalitions = Array.from({ length: samples }, (_, i) =>
      i === 0 ? new Uint8Array(count).fill(1) : Uint8Array.from(rng.bernoulli(0.5, [count]).data),
    );
    const scores = await coalitionScores("lime", score, x, { segments, baseline, coalitions }, options);
    const weights = coalitions.map((seen) => {
      const distance = 1 - Math.sqrt(seen.reduce((a, b) => a + b, 0) / count);
      return Math.exp(-(distance * distance) / (kernelWidth * kernelWidth));
    });
    const rows = coalitions.map((seen) => [...seen, 1]); // the last one is the intercept
    const { values: found } = weightedRegression(rows, scores, weights, ridge, count); // [segment + 1, batch]
    const values = Float64Array.from(
      { length: batch * count },
      (_, i) => found[(i % count) * batch + Math.floor(i / count)] as number,
    );
    return spreadOverSegments(x, segments, values);
  };
}
