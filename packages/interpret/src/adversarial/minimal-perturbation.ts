import { abs, checkArguments, checkOptions, gradient, maximum, sign, sizeAlong } from "@pellucid/core-train";
import {
  add,
  div,
  greater,
  mul,
  reshape,
  square,
  sub,
  sum,
  type Tensor,
  tidy,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { checkCount } from "../run/check-count.ts";
import { foldBatches } from "../run/fold-batches.ts";
import type { RunOptions } from "../run/run-options.ts";
import type { Score } from "../score/score.ts";

/** Options for {@link minimalPerturbation}. */
export interface MinimalPerturbationOptions extends Pick<RunOptions, "signal" | "onProgress"> {
  /** Which norm of the change is minimized. Default: `"l2"`. */
  readonly norm?: "l2" | "linf";
  /** Default: 50. */
  readonly steps?: number;
  /** How far beyond the boundary the change goes, as a share of it. Default: 0.02. */
  readonly overshoot?: number;
}

/**
 * The smallest change that takes the margin below 0: steps to the decision boundary of the margin's linear approximation, until it is crossed.
 * For a linear net one step, `margin · w / ‖w‖²` or `margin / ‖w‖₁ · sign w`.
 *
 * Moosavi-Dezfooli, Fawzi and Frossard, 2016. https://arxiv.org/abs/1511.04599
 *
 * @param margin a {@link marginScore} of the class that is to be left
 */
export function minimalPerturbation<X extends Tensor>(
  margin: Score<X>,
  options: MinimalPerturbationOptions = {},
): (x: X) => Promise<X> {
  checkArguments("minimalPerturbation", { function: { margin } });
  checkOptions("minimalPerturbation", options, ["norm", "steps", "overshoot", "signal", "onProgress"]);
  const { norm = "l2", steps = 50, overshoot = 0.02 } = options;
  checkCount("minimalPerturbation", "steps", steps);
  const gradientOf = gradient<X>(margin);
  return async (x) => {
    const perExample = [sizeAlong(x, 0), ...x.shape.slice(1).map(() => 1)];
    const total = (y: Tensor) => reshape(sum(reshape(y, [sizeAlong(x, 0), -1]), 1), perExample);
    const [change] = await foldBatches(
      { total: steps },
      { ...options, batchSize: 1 },
      (): [X] => [zerosLike(x)],
      ([so]): [X] => {
        const at = add<X>(x, mul(so, 1 + overshoot));
        const lead = reshape(margin(at), perExample);
        const g = gradientOf(at);
        const [way, length] = norm === "l2" ? [g, total(square(g))] : [sign(g), total(abs(g))];
        const step = mul(div(lead, maximum(length, 1e-30)), way);
        return [where(greater(lead, 0), sub(so, step), so) as X];
      },
    );
    const fooled = tidy(() => add<X>(x, mul(change, 1 + overshoot)));
    change.dispose();
    return fooled;
  };
}
