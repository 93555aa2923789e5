import { gradient, type Rng } from "@pellucid/core-train";
import {
  add,
  gather,
  mul,
  div,
  reshape,
  sub,
  sum,
  type Tensor,
  tensor,
  tensor1d,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { apart, copies } from "../run/copies.ts";
import { foldBatches } from "../run/fold-batches.ts";
import type { RunOptions } from "../run/run-options.ts";
import type { Score } from "../score/score.ts";

/** How {@link gradientShap} draws. */
export interface GradientShapOptions<X extends Tensor> extends RunOptions {
  readonly rng: Rng;
  /** What is drawn from where the walk starts: examples of the background, `[count, …]`. */
  readonly baselines: X;
  /** How many draws. Default: 50. */
  readonly samples?: number;
  /** The deviation of noise added to the input. Default: 0. */
  readonly noise?: number;
}

/**
 * Integrated gradients in expectation over starting points: `mean of (x' − b) · ∂ score(b + u (x' − b))`, with `b` drawn from the
 * baselines, `x' = x + noise`, and `u` from 0 to 1, one in each of as many equal strata as there are samples.
 *
 * Erion, Janizek, Sturmfels, Lundberg and Lee, 2021. https://arxiv.org/abs/1906.10670 (expected gradients)
 */
export function gradientShap<X extends Tensor>(
  score: Score<X>,
  options: GradientShapOptions<X>,
): (x: X) => Promise<X> {
  const { rng, baselines, samples = 50, noise = 0 } = options;
  const slope = gradient<X>(score);
  return async (x) => {
    const batch = x.shape[0] as number;
    const [total] = await foldBatches(
      { total: samples, rows: batch },
      options,
      (): [X] => [zerosLike(x)],
      ([so], from, to): [X] => {
        const rows = (to - from) * batch;
        const chosen = rng.randint(0, baselines.shape[0] as number, [rows]);
        const start = gather(baselines, tensor1d(chosen.data, "int32")) as X; // [copy · batch, …]
        const many = copies(x, to - from);
        const noisy =
          noise === 0 ? many : add<X>(many, mul(tensor(rng.randn(many.shape).data, many.shape), noise));
        const drawn = rng.rand([rows]).data.map((u, i) => (from + Math.floor(i / batch) + u) / samples);
        const share = reshape(tensor1d(drawn), [rows, ...x.shape.slice(1).map(() => 1)]);
        const difference = sub<X>(noisy, start);
        const part = mul(difference, slope(add<X>(start, mul(share, difference))));
        return [add<X>(so, div(sum(apart(part, batch), 0), samples))];
      },
    );
    return total;
  };
}
