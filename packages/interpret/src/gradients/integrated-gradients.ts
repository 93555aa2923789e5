import { gradient, OptionError } from "@pellucid/core-train";
import { add, mul, reshape, sub, sum, type Tensor, tensor, tidy, zerosLike } from "@tensorflow/tfjs-core";
import { type Baseline, baselineLike } from "../score/baseline.ts";
import { apart } from "../run/copies.ts";
import { foldBatches } from "../run/fold-batches.ts";
import { gaussLegendre } from "./gauss-legendre.ts";
import type { RunOptions } from "../run/run-options.ts";
import type { Score } from "../score/score.ts";

/** How {@link integratedGradients} walks. */
export interface IntegratedGradientsOptions extends RunOptions {
  /** Where the walk starts. Default: 0. */
  readonly baseline?: Baseline;
  /** In how many places the gradient is looked at. Default: 50. */
  readonly steps?: number;
}

/**
 * The gradient along the straight way from a baseline to the input, times the difference:
 * `(x − x0) · ∫ ∂ score(x0 + α (x − x0)) / ∂x dα`. It adds up to `score(x) − score(x0)`; see {@link completenessDelta}.
 *
 * The integral is taken by Gauss and Legendre's rule, exact for polynomials of degree `2 steps − 1`.
 *
 * Sundararajan, Taly and Yan, 2017, equation 1. https://arxiv.org/abs/1703.01365
 */
export function integratedGradients<X extends Tensor>(
  score: Score<X>,
  options: IntegratedGradientsOptions = {},
): (x: X) => Promise<X> {
  const { baseline = 0, steps = 50 } = options;
  if (!Number.isInteger(steps) || steps < 1) {
    throw new OptionError("integratedGradients", "steps", steps, "a whole number of at least 1");
  }
  const { places, weights } = gaussLegendre(steps);
  const slope = gradient<X>(score);
  return async (x) => {
    const batch = x.shape[0] as number;
    const ones = x.shape.map(() => 1);
    const perCopy = (values: Float64Array) => tensor(Float32Array.from(values), [values.length, ...ones]);
    const [start, total] = await foldBatches(
      { total: steps, rows: batch },
      options,
      (): [X, X] => [baselineLike("integratedGradients", x, baseline), zerosLike(x)],
      ([from0, so], from, to): [X, X] => {
        const way = mul(perCopy(places.slice(from, to)), sub(x, from0)); // [copy, batch, …]
        const along = add(way, from0);
        const points = reshape(along, [(to - from) * batch, ...x.shape.slice(1)]) as X;
        const slopes = apart(slope(points), batch); // [copy, batch, …]
        return [from0, add<X>(so, sum(mul(perCopy(weights.slice(from, to)), slopes), 0))];
      },
    );
    const map = tidy(() => mul<X>(sub(x, start), total));
    start.dispose();
    total.dispose();
    return map;
  };
}
