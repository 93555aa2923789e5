import { add, div, type Tensor, zerosLike } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { ByPath } from "../module/freeze.ts";
import { checkOption } from "../check-option.ts";
import { mapByPath } from "./map-by-path.ts";
import type { Transform } from "./transform.ts";

/** Options for {@link accumulate}. */
export interface AccumulateOptions {
  /**
   * How to combine `k` gradients: `k` batches of one size act as one large batch whose loss is a mean (`mean`) or a sum
   * (`sum`). Default: `mean`.
   */
  readonly reduction?: "mean" | "sum";
}

/** State of {@link accumulate}. */
export interface AccumulateState<State> {
  /** The number of steps accumulated so far. */
  readonly waiting: number;
  /** The sum of their gradients, by path; zeros where there was none. */
  readonly sums: ByPath<Tensor>;
  /** The number of them with a gradient, by path. */
  readonly counts: ByPath<number>;
  /** The state of `transform`. */
  readonly inner: State;
}

/**
 * Gradient accumulation: combines the gradients of `k` steps into one update, so that a batch may be `k` times as large in
 * the memory of a small one. Parameters and schedules advance at every `k`-th step.
 *
 * A parameter without a gradient in all `k` steps has none in the update, as in PyTorch.
 */
export function accumulate<State>(
  k: number,
  transform: Transform<State>,
  options: AccumulateOptions = {},
): Transform<AccumulateState<State>> {
  checkOptions("accumulate", options, ["reduction"]);
  const { reduction = "mean" } = options;
  checkOption("accumulate", "k", k, Number.isInteger(k) && k >= 1, "an integer ≥ 1");
  const nothing = (parameters: ByPath<Tensor>) => ({
    waiting: 0,
    sums: mapByPath(parameters, zerosLike),
    counts: mapByPath(parameters, () => 0),
  });
  return {
    init: (parameters) => ({ ...nothing(parameters), inner: transform.init(parameters) }),
    update(gradients, { waiting, sums, counts, inner }, parameters) {
      const nextSums = mapByPath(sums, (sum, path) => {
        const gradient = gradients[path];
        return gradient === undefined ? sum : add(sum, gradient);
      });
      const nextCounts = mapByPath(counts, (count, path) => (path in gradients ? count + 1 : count));
      if (waiting + 1 < k) {
        return [{}, { waiting: waiting + 1, sums: nextSums, counts: nextCounts, inner }];
      }
      const present = Object.entries(nextSums).filter(([path]) => nextCounts[path] !== 0);
      const together = Object.fromEntries(present);
      const reduced = reduction === "sum" ? together : mapByPath(together, (sum) => div(sum, k));
      const [updates, next] = transform.update(reduced, inner, parameters);
      return [updates, { ...nothing(sums), inner: next }];
    },
  };
}
