import { checkArguments, checkOptions, checkRng } from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";
import type { Structured } from "@pellucid/core-train";
import { coalitionScores } from "./coalition-scores.ts";
import type { PerturbationOptions } from "./perturbation-options.ts";
import { partsOf } from "./parts.ts";
import { spreadOverSegments } from "./spread-over-segments.ts";
import { checkCount } from "../run/check-count.ts";
import type { Score } from "../score/score.ts";
import { weightedRegression } from "./weighted-regression.ts";

/** Options for {@link lime}. */
export interface LimeOptions<X = Tensor> extends PerturbationOptions<X> {
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
 * An input may be a structure whose float tensors have the examples along their first axis, such as an image with a time; the others stay.
 *
 * @returns every input has the coefficient of its segment
 */
export function lime<X extends Structured<X>>(
  score: Score<X>,
  options: LimeOptions<X>,
): (x: X) => Promise<X> {
  checkArguments("lime", { function: { score } });
  checkRng("lime", options);
  checkOptions("lime", options, [
    "kernelWidth",
    "ridge",
    "rng",
    "segments",
    "baseline",
    "samples",
    "batchSize",
    "signal",
    "onProgress",
  ]);
  const { rng, baseline = 0, samples = 1024, kernelWidth = 0.25, ridge = 1e-3 } = options;
  checkCount("lime", "samples", samples);
  return async (x) => {
    const parts = partsOf("lime", x, options.segments);
    const { count, batch } = parts;
    const coalitions = Array.from({ length: samples }, (_, i) =>
      i === 0 ? new Uint8Array(count).fill(1) : Uint8Array.from(rng.bernoulli(0.5, [count]).data),
    );
    const scores = await coalitionScores("lime", score, x, { parts, baseline, coalitions }, options);
    const weights = coalitions.map((seen) => {
      const distance = 1 - Math.sqrt(seen.reduce((a, b) => a + b, 0) / count);
      return Math.exp(-(distance * distance) / (kernelWidth * kernelWidth));
    });
    const rows = coalitions.map((seen) => [...seen, 1]); // the last one is the intercept
    const { values: found } = weightedRegression(rows, scores, weights, ridge, count); // [segment + 1, batch]
    const values = Float64Array.from(
      { length: batch * count },
      (_, i) => found[(i % count) * batch + Math.floor(i / count)] ?? NaN,
    );
    return spreadOverSegments(x, parts, values);
  };
}
