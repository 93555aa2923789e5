import {
  checkArguments,
  checkOptions,
  gradient,
  OptionError,
  type Structured,
  tidyLeaves,
} from "@pellucid/core-train";
import { add, dispose, mul, reshape, sub, sum, type Tensor, tensor, zerosLike } from "@tensorflow/tfjs-core";
import { isRepeatable } from "../run/copies.ts";
import { foldBatches } from "../run/fold-batches.ts";
import type { RunOptions } from "../run/run-options.ts";
import { type Baseline, baselineLeaves } from "../score/baseline.ts";
import { attributionOf, floatLeaves, leavesAtFloats, withFloats } from "../score/float-leaves.ts";
import type { Score } from "../score/score.ts";
import { gaussLegendre } from "./gauss-legendre.ts";

/** Options for {@link integratedGradients}. */
export interface IntegratedGradientsOptions<X = Tensor> extends RunOptions {
  /** Where the path starts. Default: 0. */
  readonly baseline?: Baseline<X>;
  /** Number of quadrature nodes. Default: 50. */
  readonly steps?: number;
}

/**
 * The gradient integrated along the straight path from a baseline to the input, times the difference:
 * `(x − x0) · ∫ ∂ score(x0 + α (x − x0)) / ∂x dα`. It adds up to `score(x) − score(x0)`; see {@link completenessDelta}.
 *
 * The integral is computed by Gauss–Legendre quadrature, exact for polynomials of degree `2 steps − 1`. The float tensors of a structure
 * move along the path together, one step at a time; integers stay.
 *
 * Sundararajan, Taly and Yan, 2017, equation 1. https://arxiv.org/abs/1703.01365
 */
export function integratedGradients<X extends Structured<X>>(
  score: Score<X>,
  options: IntegratedGradientsOptions<X> = {},
): (x: X) => Promise<X> {
  checkArguments("integratedGradients", { function: { score } });
  checkOptions("integratedGradients", options, ["baseline", "steps", "batchSize", "signal", "onProgress"]);
  const { baseline = 0, steps = 50 } = options;
  if (!Number.isInteger(steps) || steps < 1) {
    throw new OptionError("integratedGradients", "steps", steps, "an integer of at least 1");
  }
  const { nodes, weights } = gaussLegendre(steps);
  const gradientOf = gradient<X>(score);
  return async (x) => {
    const inputs = floatLeaves(x);
    const count = inputs.length;
    const state = await foldBatches<Tensor[]>(
      { total: steps, rows: isRepeatable(x) ? x.shape[0] : Infinity },
      options,
      () => [...baselineLeaves("integratedGradients", x, baseline), ...inputs.map((leaf) => zerosLike(leaf))],
      (last, from, to) => {
        const [starts, totals] = [last.slice(0, count), last.slice(count)];
        const points = inputs.map((leaf, i) => {
          const start = starts[i] ?? 0;
          const along = add(mul(perCopy(nodes.slice(from, to), leaf), sub(leaf, start)), start); // [copy, batch, …]
          return to - from === 1 ? reshape(along, leaf.shape) : reshape(along, [-1, ...leaf.shape.slice(1)]);
        });
        const gradients = leavesAtFloats(x, gradientOf(withFloats(x, points)));
        const added = totals.map((total, i) => {
          const apart = reshape(gradients[i] ?? 0, [to - from, ...total.shape]); // [copy, batch, …]
          return add(total, sum(mul(perCopy(weights.slice(from, to), total), apart), 0));
        });
        return [...starts, ...added];
      },
    );
    const map = tidyLeaves(() =>
      attributionOf(
        x,
        inputs.map((leaf, i) => mul(sub(leaf, state[i] ?? 0), state[count + i] ?? 0)),
      ),
    );
    dispose(state);
    return map;
  };
}

/** One number for each copy of a tensor: `[copy, 1, …]` */
function perCopy(values: Float64Array, { shape }: Tensor): Tensor {
  return tensor(Float32Array.from(values), [values.length, ...shape.map(() => 1)]);
}
