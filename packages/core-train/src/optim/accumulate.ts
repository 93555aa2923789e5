import { add, div, type Tensor, zerosLike } from "@tensorflow/tfjs-core";
import type { ByPath } from "../module/freeze.ts";
import { checkOption } from "./check-options.ts";
import { mapByPath } from "./map-by-path.ts";
import type { Transform } from "./transform.ts";

export interface AccumulateOptions {
  /**
   * What becomes of `k` gradients. With `mean`, `k` batches of one size do what one big batch does whose loss is a mean;
   * with `sum`, one whose loss is a sum. Default: `mean`.
   */
  readonly reduction?: "mean" | "sum";
}

/** What {@link accumulate} remembers. */
export interface AccumulateState<State> {
  /** How many steps wait to be taken together. */
  readonly waiting: number;
  /** The sum of their gradients, by path; zeros where there was none. */
  readonly sums: ByPath<Tensor>;
  /** How many of them had a gradient, by path. */
  readonly counts: ByPath<number>;
  /** What `transform` remembers. */
  readonly inner: State;
}

/**
 * Takes `k` steps as one: a batch that is `k` times as big, for the memory of a small one. The parameters move at every
 * `k`-th step, and only then does a schedule go on.
 *
 * A parameter that had no gradient in all `k` steps has none then either, as in PyTorch.
 */
export function accumulate<State>(
  k: number,
  transform: Transform<State>,
  options: AccumulateOptions = {},
): Transform<AccumulateState<State>> {
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
      const met = Object.entries(nextSums).filter(([path]) => nextCounts[path] !== 0);
      const together = Object.fromEntries(met);
      const reduced = reduction === "sum" ? together : mapByPath(together, (sum) => div(sum, k));
      const [updates, next] = transform.update(reduced, inner, parameters);
      return [updates, { ...nothing(sums), inner: next }];
    },
  };
}
